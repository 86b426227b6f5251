/**
 * One of the key sets that Ceilometer writes samples with. All else of a row is named alike in all
 * of them: user_id, project_id, resource_id, timestamp, source.
 */
export interface SampleDialect {
  /** As the ledger names it. */
  readonly format: string;
  readonly meter: string;
  readonly type: string;
  readonly unit: string;
  readonly volume: string;
  readonly messageId: string;
  readonly metadata: string;
}
