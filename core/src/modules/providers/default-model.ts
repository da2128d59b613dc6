/** The default model as the settings have it. */
export interface DefaultModel {
  /** Public id; null: none is chosen. */
  chosen(): string | null;
  clear(by: string | null): Promise<void>;
}

/** Before the models go: a choice that names none would come alive again with any later model of that name. */
export async function clearDefaultOf(
  defaultModel: DefaultModel,
  publicIds: readonly string[],
  by: string | null,
): Promise<void> {
  const chosen = defaultModel.chosen();
  if (chosen !== null && publicIds.includes(chosen)) await defaultModel.clear(by);
}
