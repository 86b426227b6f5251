import { CEILOMETER } from './ceilometer.ts';
import { CLOUDKITTY } from './cloudkitty.ts';
import { CSV_USAGE } from './csv-usage.ts';
import { OPENSTACK_EXPORTER } from './exporter.ts';
import type { FormatFile } from './format.ts';
import { GNOCCHI } from './gnocchi.ts';
import { NOT_USAGE } from './not-usage.ts';
import { NOVA_HYPERVISORS } from './nova-hypervisors.ts';
import { NOVA_NOTIFICATIONS } from './nova-notifications.ts';
import { PLACEMENT } from './placement.ts';
import { PYTHON_REPR } from './python-repr.ts';
import { SAMPLE_LIST } from './sample-list.ts';
import { SIGNATURE_VECTORS } from './signature-vectors.ts';
import { SIMPLE_TENANT_USAGE } from './simple-tenant-usage.ts';

/** One per file, in the order in which they are asked whether a row is theirs. A new format is a line here. */
export const FORMATS: readonly FormatFile[] = [
  CEILOMETER,
  NOVA_NOTIFICATIONS,
  SIMPLE_TENANT_USAGE,
  CSV_USAGE,
  OPENSTACK_EXPORTER,
  CLOUDKITTY,
  GNOCCHI,
  PLACEMENT,
  NOVA_HYPERVISORS,
  PYTHON_REPR,
  SAMPLE_LIST,
  SIGNATURE_VECTORS,
  NOT_USAGE,
];
