import { Type, type Static } from 'typebox';

const Status = Type.Enum(['healthy', 'warning', 'unhealthy', 'not_configured']);
export type PartStatus = Static<typeof Status>;
const PartSchema = Type.Object({ status: Status });
const usage = { total_gb: Type.Number(), used_percent: Type.Number(), status: Status };

/** How the machine and the services of a server do. */
export const HealthDetailSchema = Type.Object({
  status: Status,
  timestamp: Type.String(),
  service: Type.String(),
  system: Type.Object({
    cpu_percent: Type.Number(),
    memory: Type.Object({ ...usage, available_gb: Type.Number() }),
    disk: Type.Object({ ...usage, free_gb: Type.Number() }),
  }),
  services: Type.Object({ database: PartSchema, redis: PartSchema, email: PartSchema }),
});
export type HealthDetail = Static<typeof HealthDetailSchema>;
