import { askedFor } from '../../../shared/verify/words.ts';
import { plain } from '../../text.ts';
import type { Summary, Table } from '../page.ts';

/** Text as HTML, whatever it is: markup in it is shown, and does nothing. */
export const escaped = (text: string): string =>
  plain(text).replaceAll(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

/** What the page shows of a table, at most; the rest is in the file. The page stays small enough to send by mail. */
export const mostRows = 200;
const mostBytes = 72_000;
const longestCell = 300;

/** What stands above the verifier: for somebody who has never seen the product. */
export const summaryMarkup = (summary: Summary): string => {
  const { exceptions, changes } = summary;
  const asked = tableSection('exceptions', 'Exceptions', 'What an audit asks about first.', exceptions, mostBytes / 2);
  const room = mostBytes - Buffer.byteLength(asked);
  const all = tableSection('changes', 'Changes', 'One row for each release and environment.', changes, room);
  return [header(summary), meaning, figures(summary), asked, all].join('\n');
};

const header = ({ origin, asked, by, at }: Summary): string => `<header>
<p class="over">Evidence pack</p>
<h1>${escaped(origin)}</h1>
<p>Exported by <strong>${escaped(by)}</strong> at ${moment(at)}. Asked for: <strong>${withMoments(askedFor(asked) ?? 'nothing')}</strong>.</p>
<p class="top"><span id="top-verdict">Not checked yet</span> <a href="#check-heading">Check this folder</a></p>
</header>`;

const meaning = `<section aria-labelledby="what">
<h2 id="what">What this is</h2>
<p>Escalator keeps a record of how software is delivered: who changed what and when, through which approvals, what was
deployed where, what failed, and what was done about it, by people and by machines. This folder is a part of that
record, taken away so that it can be checked by somebody who does not trust those who keep it. The record itself is
<code>entries.jsonl</code>, one entry a line; this page sums it up, and can check it.</p>
<div class="two">
<div><h3>What a check proves</h3><ul>
<li>Every entry is, byte for byte, the one that was sealed and signed with the key you give.</li>
<li>None was altered, removed, put in or moved afterwards. In an export of everything, or of a period, none is missing.</li>
<li>With a checkpoint you kept from last time: the history you saw then is still the history.</li>
<li>The tables and this summary are the files that the recorded export names.</li>
</ul></div>
<div><h3>What it does not prove</h3><ul>
<li>That what was reported was true. An author is what a commit claims; a pusher is who AWS authenticated.</li>
<li>That nothing happened which nobody reported, or after the last seal.</li>
<li>In an export of one change or release: that nothing was left out. Export the period for that.</li>
<li>That this page is honest. It came in the folder that it checks: where that matters, check with
<code>escalator verify DIR --key FILE</code>, or a verifier of your own.</li>
</ul></div>
</div>
</section>`;

const figures = ({ entries, first, last, totals, changes, exceptions }: Summary): string => {
  const range = first === null || last === null ? '' : `, from ${first} to ${last}`;
  const rows: [number, string][] = [
    [entries, `${entries === 1 ? 'entry' : 'entries'}${range}`],
    [changes.total, changes.total === 1 ? 'change' : 'changes'],
    [exceptions.total, exceptions.total === 1 ? 'exception' : 'exceptions'],
    ...totals.map(({ label, count }): [number, string] => [count, label]),
  ];
  const items = rows.map(([count, label]) => `<div><dt>${escaped(label)}</dt><dd>${grouped(count)}</dd></div>`);
  return `<section aria-labelledby="figures">
<h2 id="figures">In figures</h2>
<dl class="figures">${items.join('')}</dl>
<p class="quiet">Not counted: the entry that records this export, which is the last one in the folder.</p>
</section>`;
};

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');

const tableSection = (id: string, title: string, about: string, table: Table, room: number): string => {
  const shown = fitting(table.rows, room);
  const rest = table.total - shown.length;
  const more = rest > 0 ? ` Here are the first ${shown.length} of ${table.total}; the file has all.` : '';
  const body = table.total === 0 ? '<p class="none">None.</p>' : tableMarkup(id, table.columns, shown);
  return `<section class="rows" aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<p class="quiet">${about}${more} The file: <code>${id}.csv</code>.</p>
${body}
</section>`;
};

/** The first rows, as markup, as far as there is room. */
const fitting = (rows: string[][], room: number): string[] => {
  const shown: string[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, mostRows)) {
    const markup = `<tr>${row.map(cell).join('')}</tr>`;
    bytes += Buffer.byteLength(markup);
    if (bytes > room) break;
    shown.push(markup);
  }
  return shown;
};

const tableMarkup = (id: string, columns: string[], rows: string[]): string => {
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  return `<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
};

const cell = (text: string): string => {
  if (isInstant(text)) return `<td>${moment(text)}</td>`;
  const kind = /^[0-9a-f]{40}$/.test(text) ? ' class="hash"' : '';
  const isLong = text.length > longestCell;
  return `<td${kind}>${escaped(isLong ? `${text.slice(0, longestCell)}…` : text)}</td>`;
};

const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`;

const isInstant = (text: string): boolean => new RegExp(`^${instant}$`).test(text);

/** A time as people read it, to the second and in UTC, for readers in all places. */
const moment = (text: string): string =>
  isInstant(text) ? `<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 19)} UTC</time>` : escaped(text);

const withMoments = (text: string): string => escaped(text).replaceAll(new RegExp(instant, 'g'), moment);

/** The verifier: three things to give, and what comes of it. */
export const verifierMarkup = `<section class="checker" aria-labelledby="check-heading">
<h2 id="check-heading" tabindex="-1">Check it</h2>
<p>It is checked here, in this page, by the same verifier as on the command line. Nothing is sent anywhere: the page is
not able to.</p>
<noscript><p class="warn">JavaScript is off here: the page can be read, but cannot check. Use <code>escalator verify</code>.</p></noscript>
<form id="check">
<fieldset id="drop"><legend>1. The folder</legend>
<label for="folder">Choose the folder that this page came in, or drop it here</label>
<input type="file" id="folder" webkitdirectory multiple aria-describedby="folder-says">
<p id="folder-says" class="quiet" role="status"></p></fieldset>
<fieldset><legend>2. The public key</legend>
<p class="warn" id="key-warn">It must come from somewhere other than this folder: whoever could forge the folder could put a key of
their own in it. Ask somebody you know for what <code>escalator key</code> printed.</p>
<label for="key-file">Choose its file</label>
<input type="file" id="key-file" aria-describedby="key-warn">
<label for="key">or paste its line</label>
<textarea id="key" rows="2" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="key-warn" placeholder="escalator/123456789012/eu-west-1+1b2c3d4e+AY…"></textarea></fieldset>
<fieldset><legend>3. The checkpoint you kept from last time <span class="quiet">(if you have one)</span></legend>
<label for="kept">Choose its file: the <code>checkpoint</code> of an earlier pack</label>
<input type="file" id="kept"></fieldset>
<p class="go"><button id="go">Check</button> <progress id="progress" aria-label="How much of the entries was read" hidden></progress></p>
<p id="status" role="status" aria-live="polite"></p>
</form>
<div id="verdict" role="group" aria-labelledby="verdict-heading" hidden>
<p class="verdict"><strong id="verdict-heading"></strong> <span id="verdict-code"></span></p>
<p id="verdict-about" class="quiet"></p>
<p id="verdict-other" class="warn" hidden>This page did not come in the folder that was checked: what it says above is of another one.</p>
<dl id="verdict-rows"></dl>
</div>
</section>`;
