import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { instance } from '../../api/instance.svelte.ts';
import SignUpScreen from './SignUpScreen.svelte';

let signUp: string;
let answer: () => Response | Promise<Response>;
let asked: unknown[];
beforeEach(() => {
  signUp = 'invitation';
  asked = [];
  vi.stubGlobal('fetch', async (url: string | URL, init?: RequestInit) => {
    if (String(url).endsWith('/policy')) return Response.json({ signUp, instanceName: 'House', setupNeeded: false });
    asked.push(JSON.parse(init?.body as string));
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

async function open(invitation: string | null): Promise<void> {
  await instance.load();
  render(SignUpScreen, { invitation });
}

test('a good invitation opens the form', async () => {
  answer = () => Response.json({ valid: true });
  await open('good');
  expect(await screen.findByLabelText('Name')).toBeVisible();
  expect(screen.getByRole('heading')).toHaveTextContent('You are invited');
  expect(asked).toEqual([{ invitation: 'good' }]);
});

test('one that lets nobody in says so before anything is typed, and shows the ways out', async () => {
  answer = () => Response.json({ valid: false });
  await open('spent');
  expect(await screen.findByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  expect(screen.getByRole('main')).toHaveTextContent('Ask whoever invited you for a new one.');
  expect(screen.getByRole('status')).toHaveTextContent('This invitation does not work. It was used already');
  expect(screen.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in');
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('while that is not known there is nothing to type into', async () => {
  answer = () => new Promise(() => undefined);
  await open('good');
  expect(screen.getByRole('heading')).toHaveTextContent('You are invited');
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('an answer that does not come stands in nobody’s way', async () => {
  answer = () => Response.json({ code: 'rate.limited', status: 429, detail: '' }, { status: 429 });
  await open('good');
  expect(await screen.findByLabelText('Name')).toBeVisible();
});

test('where everybody may join nobody asks for the invitation', async () => {
  signUp = 'open';
  await open('spent');
  expect(screen.getByLabelText('Name')).toBeVisible();
  expect(asked).toEqual([]);
});

test('a house that is closed says so', async () => {
  signUp = 'closed';
  await open('good');
  expect(screen.getByRole('heading')).toHaveTextContent('Sign-up is closed');
  expect(asked).toEqual([]);
});
