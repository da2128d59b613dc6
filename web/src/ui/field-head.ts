/** What every field has beside its control. */
export interface FieldHead {
  label: string;
  /** Only for screen readers, where the place says it. */
  hideLabel?: boolean;
  hint?: string;
  error?: string;
  optional?: boolean;
  class?: string;
}

/** Parts what belongs to the head of a field from what its control gets. */
export function fieldHead<Props extends FieldHead>(
  props: Props,
): [head: FieldHead, rest: Omit<Props, keyof FieldHead>] {
  const { label, hideLabel, hint, error, optional, class: look, ...rest } = props;
  return [{ label, hideLabel, hint, error, optional, class: look }, rest];
}
