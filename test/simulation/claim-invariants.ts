import type { LadderConfig } from '../../shared/config/config.ts';
import type { LadderEvent } from '../../shared/ladder/events.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { Memory } from './memory-of-invariants.ts';
import { isByHand } from './stops.ts';

type Claim = Extract<LadderEvent, { type: 'step.claimed' }>;

/** What must hold of every claim: it is wanted, it is alone, and what it puts there may be put there. */
export const watchClaims = (
  { ladders, intents, good, quarantined }: Memory,
  broken: (number: string, what: string) => void,
) => {
  /** `service` as it was configured for the decision */
  const took = (claim: Claim, before: LadderState, service: LadderConfig, now: string): void => {
    claimed(claim.actKey, before);
    apart(claim.actKey, before, service);
    if (isByHand(before, service, now)) broken('I8', `${claim.actKey} acts where somebody is at work by hand`);
    goesBack(service.ladder, before);
    retries(service.ladder, claim);
  };

  /** Nothing is claimed that its ladder does not want at that moment. */
  const claimed = (actKey: string, before: LadderState): void => {
    const phase = before.incident?.phase;
    if (phase?.name !== 'acting' || phase.intent.actKey !== actKey)
      broken('I19', `${actKey} is claimed while its ladder is ${phase?.name ?? 'at rest'}`);
    if (before.stop !== null) broken('I8', `${actKey} is claimed while a person stopped its ladder`);
    const intent = intents.get(actKey);
    if (intent?.claimed === true) broken('I3', `${actKey} is claimed twice`);
    if (intent !== undefined) intent.claimed = true;
  };

  /** What services stand on is never touched while one of them acts, nor the other way round; an adopted one is called. */
  const apart = (actKey: string, before: LadderState, own: LadderConfig): void => {
    const others = own.service === null ? own.below : own.above === null ? [] : [own.above];
    const under = [...intents].filter(
      ([key, { claimed: is, ended }]) => is && !ended && others.includes(key.split('#')[0] ?? ''),
    );
    const running = [...intents].filter(([key, { claimed: is, ended }]) => key !== actKey && is && !ended);
    const target = intents.get(actKey)?.target;
    const same = running.filter(([, other]) => other.target === target);
    if (same.length > 0)
      broken('I6', `${actKey} is claimed on ${target}, as ${same.map(([key]) => key).join(', ')} is`);
    if (running.length >= 3) broken('I6', `${actKey} is claimed while ${running.length} others run in the account`);
    if (under.length > 0) broken('I7', `${actKey} is claimed while ${under.map(([key]) => key).join(', ')} runs`);
    const { above, called, incident } = before;
    if (above.by !== null && (called?.call !== above.call || called?.incident !== incident?.id))
      broken('I7', `${actKey} is claimed while its ladder is adopted by ${above.by}, and not called`);
    if (own.service === null)
      for (const one of own.below)
        if (ladders.get(one)?.above.by !== incident?.id) broken('I7', `${actKey} is claimed before ${one} is adopted`);
  };

  /** What a redeployment puts there is not refused at that moment; what is gone back to is good, and came by itself. */
  const goesBack = (ladder: string, { incident }: LadderState): void => {
    if (incident?.phase.name !== 'acting' || incident.phase.intent.action !== 'redeploy') return;
    const { actKey, release, forCause } = incident.phase.intent;
    if (quarantined.has(`${ladder} ${release.commit}`)) broken('I11', `${actKey} puts there what is quarantined`);
    if (forCause === null) return;
    if (!good.has(release.id) || release.byRollback) broken('I11', `${actKey} goes back to what is not eligible`);
    if (forCause.commit === release.commit) broken('I11', `${actKey} goes back to what it goes back from`);
  };

  /** What is run again is not refused at that moment. */
  const retries = (ladder: string, { actKey, target }: Claim): void => {
    const commit = target?.of === 'stage' ? target.latest?.commit : null;
    const isRetry = intents.get(actKey)?.action === 'retry-stage';
    if (isRetry && quarantined.has(`${ladder} ${commit}`)) broken('I11', `${actKey} runs ${commit} again, quarantined`);
  };

  return { took };
};
