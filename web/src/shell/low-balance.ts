import { socket } from '../api/socket.ts';
import { formatCreditsUnit } from '../i18n/format-credits.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import { go } from './navigation.svelte.ts';

/** Says so when a reply has brought the balance below what its owner asked to be warned of. Returns the undo. */
export function warnOfLowBalance(): () => void {
  const warn = ({ available }: { available: number }) => {
    toasts.show({
      text: t('shell.low-balance', { left: formatCreditsUnit(available, 'down') }),
      action: { label: t('shell.usage'), run: () => void go('/usage') },
    });
  };
  socket.on('credits:low', warn);
  return () => void socket.off('credits:low', warn);
}
