import { tell } from './ask.js';
import { element } from './dom.js';
import { code, pill, timeElement } from './words.js';

/** What whoever reads has opened and written: it stays when a list is made anew. */
const opened = new Map();
const drafts = new Map();
const answered = new Map();
let name = '';

/** What belongs together, such as the messages of one incident: how it stands, whether somebody knows, each message. */
export const threadElement = ({ key, letters }) => {
  const [newest] = letters;
  const standing = standingOf(newest);
  return element(
    `li.card.thread.${standing}`,
    {},
    element(
      'div.card-head',
      {},
      element('h3', {}, newest.alert?.headline ?? newest.subject ?? 'a message without a subject'),
      pill(standing, standing),
    ),
    element('p.quiet', {}, ...aboutOf(newest, letters.length)),
    newest.alert?.next && element('p', {}, element('span.quiet', {}, 'next: '), newest.alert.next),
    mayBeAcknowledged(newest) && acknowledgeElement(key, newest.alert),
    element('ol.letters', { 'aria-label': 'messages, the newest first' }, ...letters.map(letterElement)),
  );
};

const standingOf = ({ alert }) => (alert === null ? 'info' : alert.action === 'resolve' ? 'over' : alert.severity);

const aboutOf = ({ alert, topic, at }, count) => [
  alert?.service ? `${alert.service} in ${alert.environment}, ` : '',
  alert?.incident && element('a', { href: `#incident=${encodeURIComponent(alert.incident)}` }, alert.incident),
  alert?.incident ? ', ' : '',
  'since ',
  timeElement(alert?.since ?? at),
  alert?.commit && ', ',
  alert?.commit && code(alert.commit),
  alert?.subject && ` ${alert.subject}`,
  alert?.author && `, ${alert.author}`,
  `, topic ${topic}, ${count === 1 ? 'one message' : `${count} messages`}`,
];

/** What goes on, and what calls until somebody answers; other news has no end to wait for. */
const mayBeAcknowledged = ({ alert }) =>
  alert !== null && alert.action === 'trigger' && (alert.incident !== null || alert.severity === 'page');

/** A way to say that somebody knows. What came of it is said in its place. */
const acknowledgeElement = (key, { incident, id }) => {
  const said = answered.get(key);
  if (said) return element(`p.said.${said.good ? 'good' : 'bad'}`, { role: 'status' }, said.words);
  const why = element('input', { name: 'why', required: true, maxlength: '500', placeholder: 'what you do about it' });
  const by = element('input', { name: 'by', required: true, maxlength: '100', placeholder: 'your name' });
  [why.value, by.value] = [drafts.get(key) ?? '', name];
  why.addEventListener('input', () => void drafts.set(key, why.value));
  by.addEventListener('input', () => void (name = by.value));
  const form = element(
    'form.acknowledge',
    { 'aria-label': `acknowledge ${incident ?? id}` },
    element('label', {}, element('span', {}, 'I know, because'), why),
    element('label', {}, element('span', {}, 'says'), by),
    element('button', {}, 'Acknowledge'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const command = { id: crypto.randomUUID(), by: by.value, alert: incident ?? id, why: why.value };
    void acknowledge(command).then((words) => {
      answered.set(key, words);
      form.replaceWith(acknowledgeElement(key, { incident, id }));
    });
  });
  return form;
};

const acknowledge = async (command) => {
  try {
    await tell('/api/acknowledgements', command);
    return { good: true, words: `Acknowledged by ${command.by}: it is not told again, and nobody else is called.` };
  } catch (error) {
    return { good: false, words: `Not acknowledged: ${error.message}.` };
  }
};

/** One message: when, why then, who has it, and its text in each form. */
const letterElement = (letter) => {
  const { id, at, alert, subject, deliveries } = letter;
  const details = element(
    'details.letter',
    { open: opened.has(id) },
    element(
      'summary',
      {},
      timeElement(at),
      element('span.why', {}, alert?.why ?? 'message'),
      element('span.subject', {}, subject ?? ''),
      element('span.taken', {}, takenOf(deliveries)),
    ),
  );
  const fill = () =>
    details.children.length === 1 && details.append(deliveriesElement(deliveries), formsElement(letter));
  if (opened.has(id)) fill();
  details.addEventListener('toggle', () => {
    if (!details.open) return void opened.delete(id);
    if (!opened.has(id)) opened.set(id, 0);
    fill();
  });
  return element('li', {}, details);
};

const takenOf = (deliveries) => {
  if (deliveries.length === 0) return 'nobody subscribes';
  const taken = deliveries.filter(({ state }) => state === 'delivered').length;
  const failed = deliveries.some(({ state }) => state === 'failed') ? ' ✕' : '';
  return `${taken} of ${deliveries.length} ${taken === deliveries.length ? '✓' : '…'}${failed}`;
};

const signs = { delivered: '✓', failed: '✕', pending: '●', gone: '–' };

const deliveriesElement = (deliveries) =>
  element(
    'ul.deliveries',
    { 'aria-label': 'subscribers' },
    ...deliveries.map(({ protocol, endpoint, state, tries, error, at }) =>
      element(
        `li.${state}`,
        {},
        element('span.sign', { 'aria-hidden': 'true' }, signs[state]),
        element('span', {}, element('strong', {}, protocol), ` ${shortOf(endpoint)}`),
        element('span.quiet', {}, wordsOf(state, tries, error), ' ', timeElement(at)),
      ),
    ),
  );

/** Of an ARN the last part says enough. */
const shortOf = (endpoint) => (endpoint.startsWith('arn:') ? endpoint.split(':').at(-1) : endpoint);

const wordsOf = (state, tries, error) => {
  const again = tries === 0 ? '' : `, ${tries === 1 ? 'one try' : `${tries} tries`} failed`;
  return `${state}${again}${error ? `: ${error}` : ''}`;
};

/** The texts of a message, one at a time. */
const formsElement = ({ id, forms }) => {
  const text = element('pre.form', { tabindex: '0' });
  const tabs = forms.map(({ protocols }, index) => {
    const tab = element(
      'button',
      { type: 'button', title: `as it goes to ${protocols.join(', ')}` },
      nameOf(protocols),
    );
    tab.addEventListener('click', () => show(index));
    return tab;
  });
  const show = (index) => {
    opened.set(id, index);
    text.textContent = readable(forms[index].text);
    for (const [at, tab] of tabs.entries()) tab.setAttribute('aria-pressed', String(at === index));
  };
  show(Math.min(opened.get(id) ?? 0, forms.length - 1));
  return element('div.forms', {}, element('div.tabs', { role: 'group', 'aria-label': 'form' }, ...tabs), text);
};

const nameOf = (protocols) => {
  if (protocols.includes('email')) return 'e-mail';
  if (protocols.includes('sms')) return 'SMS';
  if (protocols.includes('http') || protocols.includes('sqs')) return 'machines';
  return protocols.includes('https') ? 'chat' : protocols.join(', ');
};

/** JSON is broken into lines; what moves the direction of writing is not shown as anything else. */
const readable = (text) => visible(text.startsWith('{') ? indented(text) : text);

const indented = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const visible = (text) =>
  text.replaceAll(
    /[\u200b\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
