import type { Alert } from '../ladder/events.ts';

/** What the id of an alert ends with that is told again. */
const mark = '/again';

/**
 * The alert that tells people that nobody knows whether they were told of another one; null where that other one is
 * itself such an alert: one that is never heard of must not breed without end.
 * @param times how often it was given to the topic
 */
export const again = (alert: Alert, topic: string, times: number): Alert | null =>
  alert.id.endsWith(mark)
    ? null
    : {
        ...alert,
        id: `${alert.id}/${topic}${mark}`, // of each topic there is one, and none stands for another
        severity: 'page',
        headline: `perhaps nobody was told: ${alert.headline}`,
        next: `${alert.next}; this was given to topic ${topic} ${times} times, and each time the sender ended before it heard whether it was taken`,
      };
