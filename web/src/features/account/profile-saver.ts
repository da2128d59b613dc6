import { changeMe, type ProfileChange } from '../../api/me.ts';
import { session } from '../../api/session.svelte.ts';
import { SettingSaver } from '../../ui/setting-saver.svelte.ts';

export type ProfileSaver = SettingSaver<ProfileChange>;

export function createProfileSaver(): ProfileSaver {
  return new SettingSaver(changeMe, () => {
    if (session.user) session.enter({ ...session.user });
  });
}
