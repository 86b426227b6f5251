import * as z from 'zod';

/** What the commands read of the API's answers; more fields may come. */
export const started = z.object({ name: z.string(), location: z.string() });

export const run = z.object({
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  detail: z.string().nullable(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
});

export const upload = z.object({ ingestKey: z.string(), url: z.string() });

const count = z.number();

export const ingest = z.object({
  id: z.string(),
  state: z.enum(['running', 'ingested', 'refused', 'metered', 'retracted']),
  problem: z.string().nullable(),
  counts: z.object({
    read: count,
    accepted: count,
    duplicate: count,
    conflict: count,
    quarantined: count,
    unmetered: count,
  }),
  reasons: z.array(z.object({ code: z.string(), count, example: z.string() })),
});

export type IngestView = z.output<typeof ingest>;

export const ingestPage = z.object({ items: z.array(ingest) });

export const usageExport = z.object({
  state: z.enum(['queued', 'running', 'done', 'failed']),
  rows: z.number().nullable(),
  problem: z.string().nullable(),
  url: z.string().nullable(),
  location: z.string(),
});

const billHead = z.looseObject({
  team: z.string(),
  total: z.string(),
  state: z.string(),
  number: z.string().nullable(),
  sha256: z.string(),
  lineCount: z.number(),
});

export const billPage = z.looseObject({
  period: z.string(),
  currency: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  total: z.string(),
  items: z.array(billHead),
  nextCursor: z.string().nullable(),
  unrated: z.array(z.record(z.string(), z.unknown())),
  unratedCount: z.number(),
});

export const bill = z.looseObject({
  ...billHead.shape,
  period: z.string(),
  currency: z.string(),
  revision: z.number(),
  billedTo: z.record(z.string(), z.string()).optional(),
  lines: z.array(z.record(z.string(), z.unknown())).nullable(),
});

const check = z.object({ check: z.string(), message: z.string(), refuses: z.boolean() });

export const periodChecks = z.object({ checks: z.array(check).default([]) });

const lineKey = z.object({
  project: z.string(),
  region: z.string(),
  measure: z.string(),
  class: z.string(),
  rule: z.string(),
  card: z.string(),
});

export const dryRunResult = z.looseObject({
  period: z.string(),
  currency: z.string(),
  bills: z.array(z.object({ team: z.string(), total: z.string() })),
  notes: z.array(z.object({ team: z.string(), corrects: z.string(), total: z.string() })),
  checks: z.array(check),
  comparedWith: z
    .object({ kind: z.enum(['dry-run', 'draft']), at: z.string(), revision: z.number().nullable() })
    .nullable(),
  differences: z.array(
    z.object({
      team: z.string(),
      before: z.string(),
      after: z.string(),
      change: z.string(),
      lines: z.array(
        lineKey.extend({ before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
});

export type DryRunView = z.output<typeof dryRunResult>;

export const verification = z.looseObject({
  period: z.string(),
  revision: z.number(),
  state: z.string(),
  equal: z.boolean(),
  codeVersion: z.object({ closed: z.string(), verified: z.string() }),
  documents: z.array(z.unknown()),
  problems: z.array(z.string()),
  remarks: z.array(z.string()),
});

export const billExplanation = z.looseObject({
  period: z.string(),
  team: z.string(),
  state: z.string(),
  number: z.string().nullable(),
  total: z.string(),
  currency: z.string(),
  lineCount: z.number(),
  remarks: z.array(z.string()),
  lines: z.array(z.looseObject({ text: z.array(z.string()) })),
});

const sideBySide = {
  quantity: z.string(),
  own: z.string(),
  other: z.string(),
  difference: z.string(),
};

export const billComparison = z.looseObject({
  period: z.string(),
  state: z.string(),
  currency: z.string(),
  own: z.string(),
  other: z.string(),
  difference: z.string(),
  otherCards: z.array(z.string()),
  withAdjustments: z.boolean(),
  measures: z.array(z.object({ team: z.string(), measure: z.string(), ...sideBySide })),
  unitCosts: z.array(
    z.object({
      region: z.string(),
      measure: z.string(),
      ownUnitCost: z.string().nullable(),
      otherUnitCost: z.string().nullable(),
      ...sideBySide,
    }),
  ),
  unrated: z.array(z.record(z.string(), z.unknown())),
});

export const note = z.looseObject({
  number: z.string().nullable(),
  kind: z.string(),
  team: z.string(),
  currency: z.string(),
  total: z.string(),
  corrects: z.object({ period: z.string(), number: z.string().nullable() }),
  lineCount: z.number(),
  lines: z.array(z.record(z.string(), z.unknown())).nullable(),
});

export const notePage = z.object({ items: z.array(note), nextCursor: z.string().nullable() });

export const linePage = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
});

export const period = z.looseObject({
  period: z.string(),
  state: z.string(),
  revision: z.number(),
  sha256: z.string().nullable(),
  complete: z.boolean(),
  obstacles: z.array(z.string()),
});

export const regionPage = z.object({ items: z.array(z.object({ region: z.string() })) });

export const retracted = z.looseObject({
  ...ingest.shape,
  key: z.string(),
  days: z.array(z.string()),
  retraction: z.object({
    actor: z.string(),
    at: z.string(),
    reason: z.string(),
    metered: z.boolean(),
  }),
});

export type RetractedView = z.output<typeof retracted>;

const quarantinedIngest = z.object({
  ingestId: z.string(),
  region: z.string(),
  key: z.string(),
  state: z.string(),
  format: z.string(),
  actor: z.string(),
  receivedAt: z.string(),
  read: count,
  quarantined: count,
  reasons: ingest.shape.reasons,
  replays: z.array(
    z.object({
      ingestId: z.string(),
      state: z.string(),
      read: count,
      accepted: count,
      duplicate: count,
      conflict: count,
      quarantined: count,
    }),
  ),
});

export type QuarantinedIngest = z.output<typeof quarantinedIngest>;

export const quarantinePage = z.object({
  items: z.array(quarantinedIngest),
  nextCursor: z.string().nullable(),
});

export const quarantinedRow = z.object({
  line: z.number(),
  code: z.string(),
  reason: z.string(),
  row: z.string(),
  keptAs: z.enum(['text', 'bytes', 'head']).default('text'),
});

export type QuarantinedRow = z.output<typeof quarantinedRow>;

export const quarantinedRows = z.object({
  ingest: quarantinedIngest,
  items: z.array(quarantinedRow),
  nextCursor: z.string().nullable(),
  url: z.string().nullable(),
});

export const replayed = z.object({ ingestKey: z.string(), url: z.string().nullable() });

const sample = z.object({
  ingestId: z.string(),
  line: z.number(),
  key: z.string().nullable(),
  receivedAt: z.string().nullable(),
  row: z.string().nullable(),
});

const reading = {
  quantity: z.string(),
  meter: z.string(),
  time: z.string(),
  volume: z.string(),
  standIn: z
    .object({ meter: z.string(), volume: z.string(), size: z.string().nullable() })
    .nullable(),
  sample,
};

const contribution = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('held'),
    ...reading,
    from: z.string(),
    to: z.string(),
    ends: z.string(),
    secondsInHour: z.string(),
  }),
  z.object({
    how: z.literal('risen'),
    ...reading,
    previous: z.object({ time: z.string(), volume: z.string(), sample }),
    isReset: z.boolean(),
    difference: z.string(),
    secondsInHour: z.string(),
    secondsBetween: z.string(),
  }),
  z.object({ how: z.literal('counted'), ...reading }),
]);

export const explanation = z.object({
  region: z.string(),
  resource: z.string(),
  resourceName: z.string().nullish(),
  measure: z.string(),
  unit: z.string().nullable(),
  hour: z.string(),
  isMetered: z.boolean(),
  rows: z.array(
    z.object({
      project: z.string(),
      projectName: z.string().nullish(),
      class: z.string(),
      quantity: z.string(),
      contributions: z.array(contribution),
    }),
  ),
  recorded: z.array(z.object({ project: z.string(), class: z.string(), quantity: z.string() })),
  leftOut: z.array(
    z.object({
      because: z.string(),
      meter: z.string(),
      time: z.string(),
      volume: z.string(),
      sample,
    }),
  ),
});

export type Explanation = z.output<typeof explanation>;

export const namePage = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['project', 'user', 'resource']),
      id: z.string(),
      name: z.string(),
      domain: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
