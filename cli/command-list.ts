import type { Command } from './io.ts';

interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  /** Loaded when it is called: no command pays for another. */
  readonly load: () => Promise<Command>;
}

export const COMMANDS: readonly ListedCommand[] = [
  {
    name: 'up',
    summary: 'Run Headroom on this machine',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'ingest',
    summary: 'Upload usage exports of OpenStack',
    load: async () => (await import('./commands/ingest.ts')).ingestCommand,
  },
  {
    name: 'retract',
    summary: 'Withdraw an ingest: none of its rows count any more',
    load: async () => (await import('./commands/retract.ts')).retractCommand,
  },
  {
    name: 'quarantine',
    summary: 'List refused rows, mend and replay them',
    load: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  },
  {
    name: 'usage',
    summary: 'Print metered usage by hour, resource, project ...',
    load: async () => (await import('./commands/usage.ts')).usageCommand,
  },
  {
    name: 'history',
    summary: 'Print what CloudKitty rated, as it was imported',
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
  {
    name: 'apply',
    summary: 'Load rate cards, teams and region settings from files',
    load: async () => (await import('./commands/apply.ts')).applyCommand,
  },
  {
    name: 'import',
    summary: "Make a rate card of CloudKitty's hashmap rules",
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  {
    name: 'names',
    summary: 'Say what projects, users and resources are called',
    load: async () => (await import('./commands/names.ts')).namesCommand,
  },
  {
    name: 'teams',
    summary: 'Export and import teams as CSV or YAML; list projects without a team',
    load: async () => (await import('./commands/teams.ts')).teamsCommand,
  },
  {
    name: 'quote',
    summary: 'Price a usage file with rate cards, offline and exact',
    load: async () => (await import('./commands/quote.ts')).quoteCommand,
  },
  {
    name: 'price',
    summary: 'Print what instances will cost, before they are launched',
    load: async () => (await import('./commands/price.ts')).priceCommand,
  },
  {
    name: 'compare',
    summary: 'Compare the bills of a month with what CloudKitty rated',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  {
    name: 'close',
    summary: 'Make the bills of a month, and issue them',
    load: async () => (await import('./commands/close.ts')).closeCommand,
  },
  {
    name: 'bill',
    summary: 'Print the bills of a month',
    load: async () => (await import('./commands/bill.ts')).billCommand,
  },
  {
    name: 'budgets',
    summary: 'Print how far the budgets of teams are used; mute one',
    load: async () => (await import('./commands/budgets.ts')).budgetsCommand,
  },
  {
    name: 'audit',
    summary: 'Print who changed what, and verify the log of it',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'capacity',
    summary: 'Print what a region has, uses and has left',
    load: async () => (await import('./commands/capacity.ts')).capacityCommand,
  },
  {
    name: 'fit',
    summary: 'Print how many more instances fit, packed host by host',
    load: async () => (await import('./commands/fit.ts')).fitCommand,
  },
  {
    name: 'overcommit',
    summary: 'Print the largest safe allocation ratios of a region, and why',
    load: async () => (await import('./commands/overcommit.ts')).overcommitCommand,
  },
  {
    name: 'reclaim',
    summary: 'Print what is held and not needed, and what it costs a month',
    load: async () => (await import('./commands/reclaim.ts')).reclaimCommand,
  },
  {
    name: 'forecast',
    summary: 'Print when a region runs out of cores or RAM; or forecast series offline',
    load: async () => (await import('./commands/forecast.ts')).forecastCommand,
  },
  {
    name: 'scenario',
    summary: 'Print what would be with other growth, events, hosts or regions',
    load: async () => (await import('./commands/scenario.ts')).scenarioCommand,
  },
  {
    name: 'exhaustion',
    summary: 'Print when the first resource of a region runs out, and until when to order',
    load: async () => (await import('./commands/exhaustion.ts')).exhaustionCommand,
  },
  {
    name: 'events',
    summary: 'Print planned events; load them from leases of Blazar',
    load: async () => (await import('./commands/events.ts')).eventsCommand,
  },
  {
    name: 'calendar',
    summary: 'Print the public holidays of a country, to be applied',
    load: async () => (await import('./commands/calendar.ts')).calendarCommand,
  },
  {
    name: 'sources',
    summary: 'Print what is pulled from OpenStack and how that went; pull a source now',
    load: async () => (await import('./commands/sources.ts')).sourcesCommand,
  },
  {
    name: 'rebuild',
    summary: 'Make again what the table holds, from S3',
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  },
  {
    name: 'doctor',
    summary: 'Check that the server is well, and what it waits for',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
];
