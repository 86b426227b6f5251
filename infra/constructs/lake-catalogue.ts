import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { SharedBucket } from '../stacks/state-stack.ts';
import type { StageConfig } from '../stages.ts';

type Columns = Readonly<Record<string, string>>;

interface LakeTable {
  readonly description: string;
  /** Of the lake, under which partitions lie. */
  readonly folder: string;
  /** Without those that partitions tell (docs/architecture.md, lake schemas). */
  readonly columns: Columns;
  readonly partitions: readonly ('region' | 'date' | 'shard')[];
  readonly format: 'parquet' | 'json';
}

const QUANTITY = 'decimal(38,12)';
const VOLUME = 'decimal(38,18)';

export const LAKE_TABLES: Readonly<Record<string, LakeTable>> = {
  samples: {
    description: 'Samples as they were accepted, one row a reading and ingest',
    folder: 'samples',
    columns: {
      project: 'string',
      user_id: 'string',
      resource: 'string',
      meter: 'string',
      type: 'string',
      unit: 'string',
      volume: VOLUME,
      time: 'timestamp',
      held_until: 'timestamp',
      class: 'string',
      deleted: 'boolean',
      shelved: 'boolean',
      state: 'string',
      size_vcpus: VOLUME,
      size_memory_mib: VOLUME,
      source: 'string',
      message_id: 'string',
      metadata: 'string',
      row_head: 'string',
      row_tail: 'string',
      row_values: 'string',
      ingest_id: 'string',
      line: 'bigint',
      schema_version: 'int',
    },
    partitions: ['region', 'date'],
    format: 'parquet',
  },
  usage: {
    description: 'The quantities of record: usage by hour and resource',
    folder: 'usage',
    columns: {
      project: 'string',
      resource: 'string',
      measure: 'string',
      class: 'string',
      labels: 'string',
      hour: 'timestamp',
      quantity: QUANTITY,
      generation: 'bigint',
    },
    partitions: ['region', 'date', 'shard'],
    format: 'parquet',
  },
  retractions: {
    description: 'Ingests that were withdrawn: their samples do not count',
    folder: 'retractions',
    columns: {
      ingestid: 'string',
      key: 'string',
      reason: 'string',
      actor: 'string',
      retractedat: 'string',
    },
    partitions: ['region'],
    format: 'json',
  },
  quarantine: {
    description: 'Rows that were refused, as they were received, with the reason',
    folder: 'quarantine',
    columns: { line: 'bigint', code: 'string', reason: 'string', row: 'string' },
    partitions: ['region'],
    format: 'json',
  },
};

const SERDES = {
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  json: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    library: 'org.openx.data.jsonserde.JsonSerDe',
  },
} as const;

const PARTITION_TYPES = { region: 'string', date: 'date', shard: 'int' } as const;
const SHARDS_MAX = 256;

/**
 * How Athena works out partitions without a crawler. A region is named by the query (`region = 'west'`),
 * since the lake makes new ones with their first data.
 */
const PROJECTION = {
  region: { type: 'injected' },
  date: {
    type: 'date',
    format: 'yyyy-MM-dd',
    range: '2010-01-01,NOW+2DAYS',
    interval: '1',
    'interval.unit': 'DAYS',
  },
  shard: { type: 'integer', range: `0,${SHARDS_MAX - 1}` },
} as const;

/** The lake as tables for Athena: the same objects that the functions work on. */
export class LakeCatalogue extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, lake }: { readonly stage: StageConfig; readonly lake: SharedBucket },
  ) {
    super(scope, id);
    const name = `headroom_${stage.name}`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name, description: 'The lake of Headroom (docs/athena.md)' },
    });
    for (const [tableName, table] of Object.entries(LAKE_TABLES)) {
      const created = new CfnTable(this, tableName.charAt(0).toUpperCase() + tableName.slice(1), {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: name,
        tableInput: tableInput(tableName, table, lake.name),
      });
      created.addResourceDependency(database);
    }
  }
}

function tableInput(name: string, table: LakeTable, bucket: string): CfnTable.TableInputProperty {
  const { inputFormat, outputFormat, library } = SERDES[table.format];
  const location = `s3://${bucket}/${table.folder}/`;
  const partitions = table.partitions.map((partition) => `${partition}=\${${partition}}/`);
  return {
    name,
    description: table.description,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: columnsOf(
      Object.fromEntries(table.partitions.map((key) => [key, PARTITION_TYPES[key]])),
    ),
    parameters: {
      EXTERNAL: 'TRUE',
      classification: table.format,
      'projection.enabled': 'true',
      'storage.location.template': location + partitions.join(''),
      ...projectionOf(table),
    },
    storageDescriptor: {
      location,
      inputFormat,
      outputFormat,
      serdeInfo: { serializationLibrary: library },
      columns: columnsOf(table.columns),
    },
  };
}

function columnsOf(columns: Columns): { name: string; type: string }[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}

function projectionOf({ partitions }: LakeTable): Record<string, string> {
  return Object.fromEntries(
    partitions.flatMap((partition) =>
      Object.entries(PROJECTION[partition]).map(([key, value]) => [
        `projection.${partition}.${key}`,
        value,
      ]),
    ),
  );
}
