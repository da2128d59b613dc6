import { render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { describe, expect, test } from 'vitest';
import Field from './Field.svelte';
import Select from './Select.svelte';
import TextArea from './TextArea.svelte';

type Control = Component<Record<string, unknown>>;
const controls: [string, unknown, object][] = [
  ['a line of text', Field, {}],
  ['several lines', TextArea, {}],
  ['a choice', Select, { options: [{ value: '', label: 'None' }] }],
];

describe.each(controls)('a field for %s', (_, control, more) => {
  const given = { label: 'Title', value: '', hint: 'Short.', error: 'Too long.', optional: true, name: 'title' };

  test('is named by its label and described by its hint and what is wrong', async () => {
    const view = render(control as Control, { ...given, ...more });
    const box = screen.getByLabelText(/Title/);
    expect(box).toHaveAccessibleName('Title(optional)');
    expect(box).toHaveAccessibleDescription('Short. Too long.');
    expect(box).toBeInvalid();
    expect(box).toHaveAttribute('name', 'title');
    // None of the words about it end up as attributes of the control.
    for (const name of ['label', 'hint', 'error', 'optional']) expect(box).not.toHaveAttribute(name);
    await view.rerender({ error: undefined });
    expect(box).toBeValid();
    expect(box).toHaveAccessibleDescription('Short.');
  });
});
