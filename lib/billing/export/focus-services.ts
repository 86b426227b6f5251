/** Of what OpenStack service a measure is, in the words of FOCUS. */
export interface FocusService {
  readonly ServiceCategory: string;
  readonly ServiceName: string;
  readonly ServiceSubcategory: string;
}

const COMPUTE = service('Compute', 'Compute (Nova)', 'Virtual Machines');
const BLOCK_STORAGE = service('Storage', 'Block Storage (Cinder)', 'Block Storage');
const OBJECT_STORAGE = service('Storage', 'Object Storage (Swift)', 'Object Storage');
const NETWORKING = service('Networking', 'Networking (Neutron)', 'Network Connectivity');
const IMAGES = service('Storage', 'Images (Glance)', 'Other (Storage)');
/** What is of no single service, such as a discount on a whole bill, and measures of an operator's own. */
const OTHER = service('Other', 'OpenStack', 'Other (Other)');

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

function service(category: string, name: string, subcategory: string): FocusService {
  return { ServiceCategory: category, ServiceName: name, ServiceSubcategory: subcategory };
}

/** The service of a measure; `Other` for what is of none, and for measures of an operator. */
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
