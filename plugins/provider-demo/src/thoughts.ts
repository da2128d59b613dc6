import type { Answer, Reason } from './talk/respond.ts';

type Sentences = Record<Reason['kind'], (pattern: string) => string>;

const english: Sentences = {
  picture: () => 'There is a picture, and I cannot see.',
  silence: () => 'There is nothing to answer.',
  sum: () => 'It is a small sum, so I calculate.',
  pattern: (pattern) => `It fits the pattern \`${pattern}\`, so I pick one of its answers.`,
  memory: () => 'No pattern fits, but something was said earlier that I can come back to.',
  none: () => 'No pattern fits, so I ask to go on.',
};
const chinese: Sentences = {
  picture: () => '有一张图片，而我看不见。',
  silence: () => '没有可以回答的内容。',
  sum: () => '这是一道简单的算术题，直接计算。',
  pattern: (pattern) => `它符合句式 \`${pattern}\`，从对应的回答里选一个。`,
  memory: () => '没有符合的句式，但可以回到之前说过的话。',
  none: () => '没有符合的句式，请对方继续说。',
};

/** What really led to an answer, in the language of the conversation. */
export function thoughtsOn({ language, because }: Answer, messageNumber: number): string {
  const pattern = because.kind === 'pattern' ? because.pattern : '';
  return language === 'zh'
    ? `这是对方的第 ${messageNumber} 句话，用的是中文。${chinese[because.kind](pattern)}`
    : `This is message ${messageNumber} of the person, in English. ${english[because.kind](pattern)}`;
}
