import { defineEntity, p } from '@mikro-orm/core';

/** A version of a model's price. Versions are added, never changed; the newest that holds already is the price. */
const ModelPriceSchema = defineEntity({
  name: 'ModelPrice',
  tableName: 'model_price',
  checks: [
    {
      name: 'model_price_amounts',
      expression: `least(per_message, per_1k_input, per_1k_output, per_1k_reasoning, per_1k_cached_input, per_image,
        per_video_second) >= 0`,
    },
  ],
  uniques: [{ name: 'model_price_version', properties: ['model', 'validFrom'] }],
  properties: {
    id: p.uuid().primary(),
    /** Public model id, or `*`. */
    model: p.text(),
    validFrom: p.datetime(3),
    /** Micro-credits each. */
    perMessage: p.bigint('bigint'),
    per1kInput: p.bigint('bigint').fieldName('per_1k_input'),
    per1kOutput: p.bigint('bigint').fieldName('per_1k_output'),
    per1kReasoning: p.bigint('bigint').fieldName('per_1k_reasoning').nullable(),
    per1kCachedInput: p.bigint('bigint').fieldName('per_1k_cached_input').nullable(),
    perImage: p.bigint('bigint'),
    perVideoSecond: p.bigint('bigint'),
    createdBy: p.uuid().nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
export class ModelPrice extends ModelPriceSchema.class {}
ModelPriceSchema.setClass(ModelPrice);
