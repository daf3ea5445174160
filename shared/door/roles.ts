/** What a role may ask for: a method, and a path as API Gateway matches it (`*` is anything). */
export type Role = { about: string; may: { method: 'GET' | 'POST'; path: string }[] };

const read = { method: 'GET', path: '/api/*' } as const;
const order = (name: string) => ({ method: 'POST', path: `/api/orders/${name}` }) as const;

/**
 * Who may do what through the door, by role; whoever has none may do nothing. Approving is nobody else's: who says what
 * is to be done does not also approve it.
 */
export const roles = {
  reader: { about: 'asks', may: [read] },
  auditor: {
    about: 'asks, and takes evidence away, which is put on record',
    may: [read, { method: 'POST', path: '/api/exports' }],
  },
  operator: {
    about: 'asks, tells ladders what to do, and answers alerts',
    may: [
      read,
      ...['hold', 'claim', 'resume', 'force', 'converge', 'quarantine', 'release'].map(order),
      { method: 'POST', path: '/api/acknowledgements' },
      { method: 'POST', path: '/api/silences/set' },
      { method: 'POST', path: '/api/silences/lifted' },
      { method: 'POST', path: '/api/gamedays' },
      { method: 'POST', path: '/api/notes' },
      { method: 'POST', path: '/api/redrives' },
    ],
  },
  approver: { about: 'asks, and approves what is asked for', may: [read, order('approve')] },
} as const satisfies { [role: string]: Role };
