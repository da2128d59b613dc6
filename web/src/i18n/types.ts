/** Words by plural category; `Intl.PluralRules` chooses by the parameter `count`. */
export type Plural = { readonly [rule in Intl.LDMLPluralRule]?: string } & { readonly other: string };
/** `{name}` marks a parameter. */
export type Message = string | Plural;
export type Dictionary = Readonly<Record<string, Message>>;
export type Namespaces = Readonly<Record<string, Dictionary>>;

/** The same keys in another language; a missing or extra one fails the type check. */
export type Translated<T extends Dictionary> = { readonly [K in keyof T]: Message };
export type TranslatedAll<T extends Namespaces> = { readonly [N in keyof T]: Translated<T[N]> };

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<M> = M extends string ? Names<M> : { [K in keyof M]: Names<M[K]> }[keyof M];

/** Every `namespace.key`. */
export type KeyOf<T extends Namespaces> = { [N in keyof T & string]: `${N}.${keyof T[N] & string}` }[keyof T & string];
type MessageAt<T extends Namespaces, K extends string> = K extends `${infer N}.${infer Key}` ? T[N][Key] : never;
/** The parameters a message asks for, none if it asks for none. */
export type ParamsOf<T extends Namespaces, K extends string> = [NamesOf<MessageAt<T, K>>] extends [never]
  ? []
  : [params: Record<NamesOf<MessageAt<T, K>>, string | number>];
