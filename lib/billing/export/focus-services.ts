/** Of what OpenStack service a measure is, in the words of FOCUS. */
export interface FocusService {
  readonly ServiceCategory: string;
  readonly ServiceName: string;
  readonly ServiceSubcategory: string;
}

const COMPUTE = {
  ServiceCategory: 'Compute',
  ServiceName: 'Compute (Nova)',
  ServiceSubcategory: 'Virtual Machines',
};
const BLOCK_STORAGE = {
  ServiceCategory: 'Storage',
  ServiceName: 'Block Storage (Cinder)',
  ServiceSubcategory: 'Block Storage',
};
const OBJECT_STORAGE = {
  ServiceCategory: 'Storage',
  ServiceName: 'Object Storage (Swift)',
  ServiceSubcategory: 'Object Storage',
};
const NETWORKING = {
  ServiceCategory: 'Networking',
  ServiceName: 'Networking (Neutron)',
  ServiceSubcategory: 'Network Connectivity',
};
const IMAGES = {
  ServiceCategory: 'Storage',
  ServiceName: 'Images (Glance)',
  ServiceSubcategory: 'Other (Storage)',
};
/** What is of no single service, such as a discount on a whole bill, and measures of an operator's own. */
const OTHER = {
  ServiceCategory: 'Other',
  ServiceName: 'OpenStack',
  ServiceSubcategory: 'Other (Other)',
};

const SERVICES: ReadonlyMap<string, FocusService> = new Map([
  ['cores', COMPUTE],
  ['ram', COMPUTE],
  ['instances', COMPUTE],
  ['disk', COMPUTE],
  ['cpu_time', COMPUTE],
  ['ram_used', COMPUTE],
  ['volume', BLOCK_STORAGE],
  ['snapshot', BLOCK_STORAGE],
  ['image', IMAGES],
  ['floating_ip', NETWORKING],
  ['egress', NETWORKING],
  ['ingress', NETWORKING],
  ['object_storage', OBJECT_STORAGE],
  ['object_egress', OBJECT_STORAGE],
]);

export function focusServiceOf(measure: string): FocusService {
  return SERVICES.get(measure) ?? OTHER;
}

/** Of one kind (a data size, or a count), for so many hours or for good: `core-hour` is `Core-Hours`. */
export function focusUnit(quantityUnit: string): string {
  const [what = '', ...time] = quantityUnit.split('-');
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(what)) return 'Units';
  const named = NAMES.get(what) ?? what;
  if (time.length === 0) return named;
  return time.join('-') === 'hour' ? `${named}-Hours` : 'Units';
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['core', 'vCPU'],
  ['instance', 'Instance'],
  ['ip', 'IP'],
]);
