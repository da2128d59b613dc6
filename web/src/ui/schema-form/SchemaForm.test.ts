import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import SchemaFormHarness from '../testing/SchemaFormHarness.svelte';
import { readSchema, type JsonObject } from './schema.ts';
import { problemsOf, withDefaults } from './schema-values.ts';

const schema: JsonObject = {
  type: 'object',
  required: ['address'],
  properties: {
    address: { type: 'string', format: 'uri', title: 'Address', description: 'Where it listens.' },
    retries: { type: 'integer', title: 'Retries', minimum: 0, maximum: 5, default: 2 },
    weight: { type: 'number', title: 'Weight' },
    strict: { type: 'boolean', title: 'Strict', default: true },
    mode: { type: 'string', title: 'Mode', enum: ['fast', 'safe'], default: 'safe' },
    notes: { type: 'string', format: 'textarea', title: 'Notes' },
    secret: { type: 'string', format: 'password', title: 'Secret' },
    rules: {
      type: 'array',
      title: 'Rules',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['pattern'],
        properties: {
          pattern: { type: 'string', title: 'Pattern' },
          on: { type: 'boolean', title: 'On', default: true },
        },
      },
    },
    exotic: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
};

/** Draws the form and gives what it holds at any moment. */
function draw(value: JsonObject = {}, errors: Record<string, string> = {}) {
  let held: JsonObject = {};
  render(SchemaFormHarness, { schema, value, errors, onvalue: (next: JsonObject) => (held = next) });
  return { value: () => held };
}

describe('a form drawn from a schema', () => {
  test('has a control of the right kind for each property, with defaults filled in', () => {
    const form = draw();
    expect(screen.getByLabelText('Address')).toHaveAttribute('type', 'url');
    expect(screen.getByLabelText('Address')).toHaveAccessibleDescription('Where it listens.');
    expect(screen.getByLabelText('Retries')).toHaveValue('2');
    expect(screen.getByRole('switch', { name: 'Strict' })).toBeChecked();
    expect(screen.getByLabelText('Mode')).toHaveValue('safe');
    expect(screen.getByLabelText(/^Notes/).tagName).toBe('TEXTAREA');
    expect(screen.getByLabelText(/^Secret/)).toHaveAttribute('type', 'password');
    expect(form.value()).toMatchObject({ retries: 2, strict: true, mode: 'safe' });
  });

  test('gives numbers as numbers, keeps what is half typed, and leaves out what is empty', async () => {
    const form = draw();
    await fireEvent.input(screen.getByLabelText('Retries'), { target: { value: '4' } });
    expect(form.value()['retries']).toBe(4);
    await fireEvent.input(screen.getByLabelText('Retries'), { target: { value: '-' } });
    expect(screen.getByLabelText('Retries')).toHaveValue('-');
    await fireEvent.input(screen.getByLabelText('Retries'), { target: { value: '' } });
    expect(form.value()).not.toHaveProperty('retries');
  });

  test('keeps properties it has no control for', async () => {
    const form = draw({ exotic: 7 });
    await fireEvent.click(screen.getByRole('switch', { name: 'Strict' }));
    expect(form.value()).toMatchObject({ exotic: 7, strict: false });
  });

  test('shows each error at its field', () => {
    draw({ rules: [{ pattern: '' }] }, { address: 'No such host.', 'rules.0.pattern': 'Needed.' });
    expect(screen.getByLabelText('Address')).toBeInvalid();
    expect(screen.getByLabelText('Address')).toHaveAccessibleDescription(/No such host\./);
    // The entry opens by itself, or nobody would see what is wrong in it.
    expect(screen.getByLabelText('Pattern')).toHaveAccessibleDescription(/Needed\./);
  });
});

describe('a list in it', () => {
  const names = () =>
    within(screen.getByRole('group', { name: 'Rules' }))
      .getAllByRole('listitem')
      .map((item) => item.querySelector('button')?.textContent.trim());

  test('grows to its limit, with defaults, and the focus in the new entry', async () => {
    const form = draw({ rules: [{ pattern: 'a' }, { pattern: 'b' }] });
    await fireEvent.click(screen.getByRole('button', { name: 'Add entry' }));
    expect(form.value()['rules']).toEqual([{ pattern: 'a' }, { pattern: 'b' }, { pattern: '', on: true }]);
    expect(screen.getByLabelText('Pattern')).toHaveFocus();
    expect(screen.getByRole('button', { name: 'Add entry' })).toBeDisabled();
  });

  test('is put in order by buttons', async () => {
    draw({ rules: [{ pattern: 'a' }, { pattern: 'b' }, { pattern: 'c' }] });
    await fireEvent.click(screen.getByRole('button', { name: 'Move c up' }));
    expect(names()).toEqual(['a', 'c', 'b']);
    expect(screen.getByRole('button', { name: 'Move a up' })).toBeDisabled();
  });

  test('gives the focus to the neighbour of an entry that is removed', async () => {
    draw({ rules: [{ pattern: 'a' }, { pattern: 'b' }] });
    await fireEvent.click(screen.getByRole('button', { name: 'Remove a' }));
    expect(names()).toEqual(['b']);
    expect(document.activeElement).toHaveTextContent('b');
  });
});

describe('what is wrong', () => {
  const group = readSchema(schema);

  test('is told by path, before anything is sent', () => {
    const value = { address: 'not an address', retries: 9, weight: 'heavy', rules: [{ pattern: '' }] };
    expect(problemsOf(group, value, 'settings')).toEqual({
      'settings.address': expect.stringMatching(/web address/),
      'settings.retries': 'The largest value is 5.',
      'settings.weight': 'A number is needed.',
      'settings.rules.0.pattern': 'This is needed.',
    });
  });

  test('is nothing, when all is as the schema says', () => {
    expect(problemsOf(group, withDefaults(group, { address: 'http://localhost:11434' }))).toEqual({});
  });
});
