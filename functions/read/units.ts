/** What a quantity of each measure counts (DESIGN section 4); other measures are an operator's own. */
const UNITS: Readonly<Record<string, string>> = {
  cores: 'core-hour',
  ram: 'GiB-hour',
  instances: 'instance-hour',
  disk: 'GiB-hour',
  volume: 'GiB-hour',
  snapshot: 'GiB-hour',
  image: 'GiB-hour',
  floating_ip: 'ip-hour',
  object_storage: 'GiB-hour',
  object_egress: 'GiB',
  egress: 'GiB',
  ingress: 'GiB',
  cpu_time: 'core-hour',
  ram_used: 'GiB-hour',
};

export function unitOf(measure: string): string | null {
  return Object.hasOwn(UNITS, measure) ? (UNITS[measure] ?? null) : null;
}
