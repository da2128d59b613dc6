import type { ChatMessage } from '@parley/sdk/plugin';
import { type Command, longestReplyWords, parseCommand } from './commands.ts';
import { longPace, type Pace, slowPace } from './pace.ts';
import { pieces } from './pieces.ts';
import { helpChinese, helpEnglish, markdownSample, numberedWords, slowStory } from './sample-texts.ts';
import type { Language } from './talk/language.ts';
import { respond, type Said } from './talk/respond.ts';
import { thoughtsOn } from './thoughts.ts';

/** What is going to be sent, decided before the first word. */
export interface Reply {
  text: string;
  reasoning: string;
  /** Absent: the ordinary pace. */
  pace?: Pace;
  /** The provider fails after so many words of the text. */
  failsAfterWords?: number;
  /** Nothing is ever sent. */
  hangs?: boolean;
}

export function planReply(messages: readonly ChatMessage[], locale: string): Reply {
  const said = messages.filter((message) => message.role === 'user').map(readMessage);
  const fallback: Language = locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  const command = parseCommand(said.at(-1)?.text ?? '');
  if (command) return { reasoning: `The message is the command "${command.name}".`, ...obey(command, fallback) };

  const answer = respond(said, fallback);
  return { text: answer.text, reasoning: thoughtsOn(answer, said.length) };
}

function obey(command: Command, language: Language): Omit<Reply, 'reasoning'> {
  const help = language === 'zh' ? helpChinese : helpEnglish;
  switch (command.name) {
    case 'help':
      return { text: help };
    case 'markdown':
      return { text: markdownSample };
    case 'slow':
      return { text: slowStory, pace: slowPace };
    case 'long':
      return { text: numberedWords(command.words), pace: longPace };
    case 'fail':
      return {
        text: numberedWords(Math.min(command.afterWords + 1, longestReplyWords)),
        failsAfterWords: command.afterWords,
      };
    case 'hang':
      return { text: '', hangs: true };
    default:
      return { text: `${language === 'zh' ? '我不认识这个命令' : 'I do not know'} \`${command.text}\`.\n\n${help}` };
  }
}

function readMessage(message: ChatMessage): Said {
  if (typeof message.content === 'string') return { text: message.content, pictures: 0 };
  const texts = message.content.filter((part) => part.type === 'text').map((part) => part.text);
  return { text: texts.join('\n'), pictures: message.content.length - texts.length };
}

/** A reply as far as the caller wants it: up to the first stop sequence, and no more tokens than asked for. */
export function limitReply(text: string, limits: { maxTokens?: number; stop?: readonly string[] }) {
  const cuts = (limits.stop ?? []).filter((stop) => stop !== '').map((stop) => text.indexOf(stop));
  const end = Math.min(text.length, ...cuts.filter((cut) => cut >= 0));
  const all = pieces(text.slice(0, end));
  const most = limits.maxTokens ?? Number.POSITIVE_INFINITY;
  return {
    pieces: all.length > most ? all.slice(0, most) : all,
    reason: all.length > most ? 'length' : 'stop',
  } as const;
}
