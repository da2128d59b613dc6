export const helpEnglish = `I am Parley's **demo provider**: pattern answers, no language model, nothing leaves this server. Talk to me, or try:

| command | what happens |
| --- | --- |
| \`/markdown\` | a reply with headings, lists, a table and code |
| \`/slow\` | a reply at about five words a second |
| \`/long N\` | a reply of N words (at most 20,000) |
| \`/fail\` | the provider fails at once |
| \`/fail after N\` | the provider fails after N words |
| \`/hang\` | the provider falls silent until it is stopped |
| \`/help\` | this list |

To talk to a real model, an admin adds a provider in the admin screens.`;

export const helpChinese = `我是 Parley 的**演示模型**：只按模式作答，没有语言模型，也不会联网。你可以随便聊，或者试试：

| 命令 | 效果 |
| --- | --- |
| \`/markdown\` | 带标题、列表、表格和代码的回复 |
| \`/slow\` | 大约每秒五个词的慢速回复 |
| \`/long N\` | 一段 N 个词的回复（最多 20,000） |
| \`/fail\` | 立即失败 |
| \`/fail after N\` | 输出 N 个词之后失败 |
| \`/hang\` | 一直沉默，直到被停止 |
| \`/help\` | 显示这个列表 |

想和真正的模型对话，请管理员在管理页面添加一个服务商。`;

export const markdownSample = `# What a reply can look like

Text may be *emphasised*, **strong**, ~~struck out~~ or \`code\`, and may hold a [link](https://example.com).

## Lists

1. First, something ordered
2. Then something else
   - with a point below it
   - and another one

- [x] a task that is done
- [ ] a task that is not

## A table

| fruit | colour | price |
| :--- | :---: | ---: |
| apple | red | 1.20 |
| plum | blue | 0.80 |
| pear | green | 1.05 |

## Code

\`\`\`typescript
interface Greeting {
  to: string;
  words: string[];
}

export function greet({ to, words }: Greeting): string {
  return \`\${words.join(' ')}, \${to}!\`;
}
\`\`\`

> A quotation closes the show.

---

And 中文 and emoji 🌱 travel through it unharmed.`;

export const slowStory = `This reply comes slowly, so that there is time to look around. While it is being written you can scroll up, open another conversation, reload the page, or look at it from a second device: the words keep arriving where you left them. You can also stop it. What was written until then stays, and you can ask for it again.`;

const vocabulary =
  'the river runs past the old mill and nobody hurries while small boats carry letters from one bank to the other'.split(
    ' ',
  );

/** Every tenth word is its own number, so that a lost or doubled word would show. A paragraph has a hundred words. */
export function numberedWords(count: number): string {
  let text = '';
  for (let n = 1; n <= count; n++) {
    text += n % 10 === 0 ? String(n) : vocabulary[n % vocabulary.length];
    if (n < count) text += n % 100 === 0 ? '\n\n' : ' ';
  }
  return text;
}
