import { mount } from 'svelte';
import App from './App.svelte';
import { instance } from './api/instance.svelte.ts';
import { loadMe } from './api/me.ts';
import './api/socket.ts';
import { isLanguage, loadLanguage } from './i18n/i18n.svelte.ts';
import { reloadOnLostChunk } from './lost-chunk.ts';
import './styles/app.css';

reloadOnLostChunk();
const wanted = document.documentElement.lang;
const [words, me, policy] = await Promise.allSettled([
  loadLanguage(isLanguage(wanted) ? wanted : 'en'),
  loadMe(),
  instance.load(),
]);
if (words.status === 'rejected') throw words.reason;

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app element.');
const failed = [me, policy].find((part) => part.status === 'rejected');
mount(App, { target, props: { bootError: failed?.reason } });
