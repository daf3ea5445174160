import { ask, askAll } from './ask.js';
import { changeElement } from './changes.js';
import { byId, element, showList } from './dom.js';
import { threadElement } from './inbox.js';
import { entryElement, incidentElement, storyElements } from './incidents.js';
import { alertElement, releaseElement } from './lists.js';
import { short, tick } from './words.js';

/** How often the record is asked whether it grew (ms). */
const askEvery = 1_000;

/** Lists are made from the record a moment after it grew: for so many rounds they are asked again. */
const roundsAfter = 3;

const entriesShown = 30;

/** Subscribers may take a message long after it is on record: the inbox is asked every so many rounds all the same. */
const inboxEvery = 5;

let newest = -2;
let roundsLeft = 0;
let rounds = 0;

/** One round: has the record grown? Only then is anything else asked. */
const round = async () => {
  const { items } = await ask('/api/entries', { limit: entriesShown });
  const seq = items[0]?.seq ?? -1;
  if (seq !== newest) roundsLeft = roundsAfter;
  newest = seq;
  rounds += 1;
  const view = viewAsked();
  if (roundsLeft-- <= 0 && !(view.inbox && rounds % inboxEvery === 0)) return;
  show(
    'entries',
    items,
    ({ id }) => id,
    (entry) => entryElement(entry),
  );
  if (view.inbox) await showInbox();
  else if (view.incident === null) showOverview(await askAll());
  else await tellStory(view.incident);
};

const showInbox = async () => {
  const [{ items }, about] = await Promise.all([ask('/api/inbox'), askAll()]);
  show('threads', items, ({ key }) => key, threadElement);
  sayNow(about.incidents, about.releases, about.changes);
};

const show = (id, items, keyOf, make) => {
  showList(byId(id), items, keyOf, make);
  byId(`${id}-empty`).hidden = items.length > 0;
};

const showOverview = ({ incidents, changes, releases, alerts }) => {
  show('incidents', incidents, ({ id }) => id, incidentElement);
  show('changes', changes, ({ commit }) => commit, changeElement);
  show('releases', releases, ({ id }) => id, releaseElement);
  show('alerts', alerts, ({ id }) => id, alertElement);
  sayNow(incidents, releases, changes);
};

/** How everything stands, in one sentence; also the title, for whoever has the page in another tab. */
const sayNow = (incidents, releases, changes) => {
  const { words, sign, standing } = standsNow(incidents, releases, changes);
  // the same words again would be read out again
  if (byId('now').textContent !== words) byId('now').textContent = words;
  byId('now').dataset.standing = standing;
  document.title = `${sign} Escalator`;
};

const standsNow = (incidents, releases, changes) => {
  const open = incidents.find(({ closedAt }) => closedAt === null);
  if (open) return { words: `${whereOf(open)}: ${open.status}`, sign: '●', standing: 'busy' };
  const running = releases.find(({ status }) => status === 'running');
  const left = incidents.find((incident) => isLeftTo(incident, running));
  if (left) return { words: `${whereOf(left)} was handed over: a person is needed`, sign: '✕', standing: 'bad' };
  const runs = running ? `${running.service} runs ${short(running.commit)}` : 'nothing runs yet';
  const moving = changes.find(({ status, executions }) => status === 'on-its-way' && executions.length > 0);
  return moving
    ? { words: `${short(moving.commit)} is on its way; ${runs}`, sign: '→', standing: 'busy' }
    : { words: `All quiet; ${runs}`, sign: '✓', standing: 'good' };
};

const whereOf = ({ service, environment }) => (environment === '' ? service : `${service} in ${environment}`);

/** Handed over, and nothing was put there since. */
const isLeftTo = ({ status, closedAt }, running) =>
  status === 'handed-over' && (running === undefined || running.reachedAt < closedAt);

const tellStory = async (id) => {
  const incident = await ask(`/api/incidents/${encodeURIComponent(id)}`);
  if (viewAsked().incident === id) showStory(incident); // whoever asks has not gone on meanwhile
};

const showStory = (incident) => {
  byId('story').replaceChildren(...storyElements(incident).filter(Boolean));
  document.title = `${incident.status} · ${incident.id}`;
  byId('now').textContent = `${whereOf(incident)}: ${incident.status}`;
};

/** `#incident=ID` asks for one story, `#inbox` for the messages; anything else for the overview. */
const viewAsked = () => {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [incident, inbox] = [asked.get('incident'), asked.has('inbox')];
  byId('overview').hidden = incident !== null || inbox;
  byId('story').hidden = incident === null;
  byId('inbox').hidden = !inbox;
  markCurrent('to-inbox', inbox);
  markCurrent('to-overview', incident === null && !inbox);
  return { incident, inbox };
};

const markCurrent = (id, isCurrent) =>
  isCurrent ? byId(id).setAttribute('aria-current', 'page') : byId(id).removeAttribute('aria-current');

const showTrouble = (error) => {
  const trouble = byId('trouble');
  const words = error.refused
    ? error.message
    : `Escalator does not answer (${error.message}). Asking again every second; what is shown may be old.`;
  if (trouble.textContent !== words) trouble.textContent = words;
  trouble.hidden = false;
};

const showAbout = ({ version, account, region, git, services = {} }) => {
  const links = Object.entries(services).map(([name, url]) => element('a', { href: url }, name));
  byId('addresses').replaceChildren(...links);
  byId('about').textContent = [version && `Escalator ${version}`, account && `account ${account}`, region, git]
    .filter(Boolean)
    .join(' · ');
};

let timer = 0;

const keepAsking = async () => {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    if (byId('about').textContent === '') showAbout(await ask('/api/about'));
    await round();
    byId('trouble').hidden = true;
  } catch (error) {
    newest = -2;
    showTrouble(error);
  }
  // set anew only here: however slow the answers, there is one round at a time
  clearTimeout(timer);
  timer = setTimeout(() => void keepAsking(), askEvery);
};

/** Another view, or back to this tab: at once, and all of it. */
const askAnew = () => {
  newest = -2;
  void keepAsking();
};

addEventListener('hashchange', () => {
  scrollTo(0, 0);
  byId('story').replaceChildren(element('p.empty', {}, 'Reading the story…'));
  askAnew();
});
document.addEventListener('visibilitychange', askAnew);
setInterval(tick, 1_000);
viewAsked();
void keepAsking();
