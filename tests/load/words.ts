import { oneOf, type Random } from './random.ts';

const first =
  'ba be bi bo bu da de di do du fa fe ga go ka ke la le li lo ma me mi mo na ne no pa pe pi po ra re'.split(' ');
const last = 'lan len ler lin lor mas mel min mon nar nes nor pal per ral rin ron sal sen ser son tal ten tor'.split(
  ' ',
);

/** One of some 30,000: searching for it finds something here and there, as among real words. */
export function wordOf(random: Random): string {
  // Half of all words are of the few that everybody uses.
  return random() < 0.5
    ? oneOf(random, first) + oneOf(random, last)
    : oneOf(random, first) + oneOf(random, first) + oneOf(random, last);
}

export function textOf(random: Random, chars: number): string {
  let text = wordOf(random);
  while (text.length < chars) text += ` ${wordOf(random)}`;
  return text;
}
