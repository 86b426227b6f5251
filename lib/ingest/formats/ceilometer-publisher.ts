import type { SampleDialect } from './sample-dialect.ts';

/** `Sample.as_dict()`, as the file (with `?json`) and http publishers write it (ceilometer/publisher/file.py, http.py). */
export const CEILOMETER_PUBLISHER: SampleDialect = {
  format: 'ceilometer-publisher',
  meter: 'name',
  type: 'type',
  unit: 'unit',
  volume: 'volume',
  messageId: 'id',
  metadata: 'resource_metadata',
};
