import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSecretBox, SecretBoxError } from './secret-box.ts';

const box = createSecretBox(randomBytes(32));

test('what was sealed opens again, and no two seals look alike', () => {
  const one = box.seal('sk-密钥', 'connection:1:apiKey');
  const two = box.seal('sk-密钥', 'connection:1:apiKey');
  expect(one).not.toBe(two);
  expect(box.open(one, 'connection:1:apiKey')).toBe('sk-密钥');
});

test('a seal opens neither in another place, nor with another key, nor when it was touched', () => {
  const sealed = box.seal('secret', 'connection:1:apiKey');
  const touched = `${sealed.slice(0, -3)}${sealed.endsWith('AAA') ? 'BBB' : 'AAA'}`;
  expect(() => box.open(sealed, 'connection:2:apiKey')).toThrow(SecretBoxError);
  expect(() => createSecretBox(randomBytes(32)).open(sealed, 'connection:1:apiKey')).toThrow(SecretBoxError);
  expect(() => box.open(touched, 'connection:1:apiKey')).toThrow(SecretBoxError);
  expect(() => box.open('nonsense', 'connection:1:apiKey')).toThrow(SecretBoxError);
});
