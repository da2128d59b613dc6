import type { ChatParameters } from '@parley/sdk/contract';

type NumberName = Exclude<keyof ChatParameters, 'stop'>;
export interface NumberField {
  readonly name: NumberName;
  readonly label: 'temperature' | 'top-p' | 'max-tokens' | 'presence-penalty' | 'frequency-penalty';
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** The ranges of the contract. */
export const numberFields: readonly NumberField[] = [
  { name: 'temperature', label: 'temperature', low: 0, high: 2, whole: false },
  { name: 'topP', label: 'top-p', low: 0, high: 1, whole: false },
  { name: 'maxTokens', label: 'max-tokens', low: 1, high: 1_000_000, whole: true },
  { name: 'presencePenalty', label: 'presence-penalty', low: -2, high: 2, whole: false },
  { name: 'frequencyPenalty', label: 'frequency-penalty', low: -2, high: 2, whole: false },
];
const maxStops = 4;

export type ParameterTexts = Record<NumberName | 'stop', string>;

export function textsOf(parameters: ChatParameters): ParameterTexts {
  const number = (name: NumberName) => (parameters[name] === undefined ? '' : String(parameters[name]));
  return {
    temperature: number('temperature'),
    topP: number('topP'),
    maxTokens: number('maxTokens'),
    presencePenalty: number('presencePenalty'),
    frequencyPenalty: number('frequencyPenalty'),
    stop: (parameters.stop ?? []).join('\n'),
  };
}

export function isAllowed(field: NumberField, text: string): boolean {
  if (text.trim() === '') return true;
  const value = Number(text.replace(',', '.'));
  return (field.whole ? Number.isInteger(value) : Number.isFinite(value)) && value >= field.low && value <= field.high;
}

/** Null while something is out of its range. Empty fields leave the model its own value. */
export function parametersOf(texts: ParameterTexts): ChatParameters | null {
  if (!numberFields.every((field) => isAllowed(field, texts[field.name]))) return null;
  const parameters: ChatParameters = {};
  for (const { name } of numberFields) {
    if (texts[name].trim() !== '') parameters[name] = Number(texts[name].replace(',', '.'));
  }
  const stop = texts.stop.split('\n').filter((line) => line !== '');
  if (stop.length > maxStops) return null;
  return stop.length === 0 ? parameters : { ...parameters, stop };
}
