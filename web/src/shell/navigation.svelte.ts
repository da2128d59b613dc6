export interface GoOptions {
  /** Takes the place of the current entry in the history. */
  replace?: boolean;
  search?: Record<string, string | number | boolean>;
  /** The focus stays where it is, such as in the composer when a new chat gets its address. */
  keepFocus?: boolean;
}
type Navigate = (path: string, options: GoOptions) => Promise<void>;

/** The router's own state; reading it follows the address. */
interface Place {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly search: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Where the page is, and how code moves on; links need none of this. Apart from the router, which imports every screen. */
class Navigation {
  #path = $state(location.pathname);
  #place: Place = { params: {}, search: {} };
  #navigate: Navigate = () => Promise.reject(new Error('No router yet'));

  get path(): string {
    return this.#path;
  }
  /** The named parts of the address, such as `:id`. */
  get params(): Readonly<Record<string, string | undefined>> {
    return this.#place.params;
  }
  /** What follows the question mark. */
  get search(): Readonly<Record<string, string | number | boolean | undefined>> {
    return this.#place.search;
  }
  bind(navigate: Navigate, place: Place): void {
    this.#navigate = navigate;
    this.#place = place;
  }
  arrivedAt(path: string): void {
    this.#path = path;
  }
  go(path: string, options: GoOptions = {}): Promise<void> {
    return this.#navigate(path, options);
  }
}

export const navigation = new Navigation();

export function go(path: string, options?: GoOptions): Promise<void> {
  return navigation.go(path, options);
}
