export interface ContextSettings {
  includeDate: boolean;
  includeTime: boolean;
  includeName: boolean;
  includeLanguage: boolean;
  includeInstructions: boolean;
  instructions: string;
}

/** Switches are on unless switched off, as the manifest's defaults say. */
export function readSettings(settings: Readonly<Record<string, unknown>>): ContextSettings {
  const on = (name: string) => settings[name] !== false;
  const instructions = settings['instructions'];
  return {
    includeDate: on('includeDate'),
    includeTime: on('includeTime'),
    includeName: on('includeName'),
    includeLanguage: on('includeLanguage'),
    includeInstructions: on('includeInstructions'),
    instructions: typeof instructions === 'string' ? instructions.trim() : '',
  };
}
