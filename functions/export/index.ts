import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { engineLimits } from '../../lib/adapters/duckdb/engine-limits.ts';
import { duckdbFocusParquet } from '../../lib/adapters/duckdb/focus-parquet.ts';
import { duckdbMonthUsage } from '../../lib/adapters/duckdb/month-usage.ts';
import { duckdbResourceSamples } from '../../lib/adapters/duckdb/resource-samples.ts';
import { duckdbUsageSums } from '../../lib/adapters/duckdb/usage-sums.ts';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { dynamodbPartitions } from '../../lib/adapters/dynamodb/partitions.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { dynamodbRetractions } from '../../lib/adapters/dynamodb/retractions.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { sha256OfFile } from '../../lib/adapters/node/file-digest.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { exportHandler } from './export.ts';

const env = z
  .object({
    TABLE_NAME: z.string().min(1),
    LAKE_BUCKET: z.string().min(1),
    DOCUMENTS_BUCKET: z.string().min(1),
    /** Of issued bills, under object lock; the other bucket takes results. */
    BILLS_BUCKET: z.string().min(1),
    CODE_VERSION: z.string().default('unversioned'),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().min(256).default(1_536),
  })
  .parse(process.env);

const objects = s3Client();
const logger = new Logger({ serviceName: 'export' });

const table = { client: documentClient(), name: env.TABLE_NAME };
const lake = s3ObjectStore({ client: objects, name: env.LAKE_BUCKET });
const [ledger, retractions] = [dynamodbLedger(table), dynamodbRetractions(table)];
const results = s3ObjectStore({ client: objects, name: env.DOCUMENTS_BUCKET });
const limits = engineLimits(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
const scratch = scratchFolder();

export const handler = exportHandler({
  jobs: dynamodbJobStore(table),
  lake,
  documents: results,
  sums: duckdbUsageSums(limits),
  names: dynamodbNameStore(table),
  explain: {
    lake,
    lakeIndex: dynamodbLakeIndex(table),
    ledger,
    partitions: dynamodbPartitions(table),
    configuration: dynamodbConfigStore(table),
    retractions,
    names: dynamodbNameStore(table),
    samples: duckdbResourceSamples(limits),
    scratch,
  },
  closing: {
    bills: dynamodbBillStore(table),
    regions: dynamodbRegions(table),
    partitions: dynamodbPartitions(table),
    configuration: dynamodbConfigStore(table),
    audit: dynamodbAuditLog(table),
    ...{ ledger, retractions },
    lake,
    documents: s3ObjectStore({ client: objects, name: env.BILLS_BUCKET }),
    results,
    usage: duckdbMonthUsage(limits),
    scratch,
    sha256OfFile,
    now: () => new Date(),
    codeVersion: env.CODE_VERSION,
  },
  standing: {
    bills: dynamodbBillStore(table),
    configuration: dynamodbConfigStore(table),
    names: dynamodbNameStore(table),
  },
  parquet: duckdbFocusParquet(limits),
  fonts: pdfFonts,
  scratch,
  now: () => new Date(),
  log: (message, details) => logger.info(message, details),
  logError: (message, { error }) => logger.error(message, { error }),
});
