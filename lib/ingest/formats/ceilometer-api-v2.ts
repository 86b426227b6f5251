import type { SampleDialect } from './sample-dialect.ts';

/** Sample of the API v2 (`GET /v2/samples`, ceilometer 9.0.0 api/controllers/v2/samples.py): flat metadata, all values text. */
export const CEILOMETER_API_V2: SampleDialect = {
  format: 'ceilometer-api-v2',
  meter: 'meter',
  type: 'type',
  unit: 'unit',
  volume: 'volume',
  messageId: 'id',
  metadata: 'metadata',
};
