import * as z from 'zod';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { documentClient } from '../../lib/adapters/dynamodb/table.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { apiLog } from '../http/log.ts';
import { renderHandler } from './render.ts';

const env = z.object({ TABLE_NAME: z.string().min(1) }).parse(process.env);
const table = { client: documentClient(), name: env.TABLE_NAME };

export const handler = renderHandler(
  {
    bills: dynamodbBillStore(table),
    configuration: dynamodbConfigStore(table),
    names: dynamodbNameStore(table),
    fonts: pdfFonts,
  },
  apiLog('render'),
);
