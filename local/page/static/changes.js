import { element } from './dom.js';
import { code, firstLine, lasted, pill, signOf, standingOf, timeElement } from './words.js';

/** One change: what it is, where it is, and its way through the pipeline. */
export const changeElement = (change) =>
  element(
    'li.card',
    {},
    element(
      'div.card-head',
      {},
      element('h3', {}, code(change.commit), ' ', firstLine(change.message) || 'not described yet'),
      pill(change.status),
    ),
    element('p.quiet', {}, ...byline(change)),
    change.reason && element('p.reason', {}, change.reason),
    ...change.executions.slice(-executionsShown).map(executionElement),
    ...change.told
      .filter(({ by }) => by !== 'message')
      .slice(-toldShown)
      .map(toldElement),
  );

/** What was said on the commit or its pull request: the newest says where it is. */
const toldShown = 3;

const toldElement = ({ at, by, says, outcome, reason }) =>
  element(
    'p.quiet',
    {},
    timeElement(at),
    ` ${by}${outcome === 'posted' ? '' : `, ${outcome}`}: ${says}`,
    reason && ` (${reason})`,
  );

/** A change that was redeployed and rolled back has several; the last tell where it is. */
const executionsShown = 3;

const byline = ({ author, pusher, pushedAt, repository }) => [
  author ? `${author}, ` : '',
  repository ? `${repository}, ` : '',
  'pushed ',
  timeElement(pushedAt),
  pusher ? ` by ${pusher}` : '',
];

/** The first execution brought the change; later ones put it there again. */
const executionElement = (execution, index) =>
  element(
    'div.execution',
    {},
    index > 0 && element('p.quiet', {}, 'again at ', timeElement(execution.startedAt)),
    element(
      'ol.stages',
      { 'aria-label': `stages of execution ${execution.execution}` },
      ...execution.stages.map(stageElement),
    ),
    ...execution.stages.flatMap((stage) => stage.actions.filter(isFailed).map((action) => failureOf(stage, action))),
  );

const stageElement = (stage) => {
  const standing = stage.endedAt ? standingOf(stage.outcome) : 'busy';
  const words = stage.endedAt ? stage.outcome : 'under way';
  return element(
    `li.stage.${standing}`,
    { title: `${stage.name}: ${words}` },
    element('span.sign', { 'aria-hidden': 'true' }, stage.endedAt ? signOf(stage.outcome) : '●'),
    element('span', {}, stage.name),
    element('span.sr', {}, ` ${words}`),
    element('span.took', {}, lasted(stage.startedAt, stage.endedAt) ?? '…'),
  );
};

const isFailed = ({ outcome, reason }) => outcome === 'failed' && reason;

const failureOf = (stage, action) =>
  element(
    'p.reason',
    {},
    element('strong', {}, stage.name === action.name ? `${action.name}: ` : `${stage.name}, ${action.name}: `),
    action.reason,
  );
