// What the server tells about its own requests, to people who may see the health of the system. Routes are patterns, people
// are ids; no address, body or value is in any of it.
import { Type, type Static } from 'typebox';

const Count = Type.Integer({ minimum: 0 });

export const MonitoringQuerySchema = Type.Object({
  hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2160, default: 24 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
});
export type MonitoringQuery = Static<typeof MonitoringQuerySchema>;

const figures = {
  requests: Count,
  /** Answered with 5xx: the server's fault. */
  errors: Count,
  /** Answered with 4xx. */
  refused: Count,
  /** Of those, refused because there were too many (429). */
  limited: Count,
  /** Errors by requests, 0 to 1. */
  errorRate: Type.Number(),
  averageMs: Type.Number(),
  p95Ms: Type.Number(),
  minMs: Type.Number(),
  maxMs: Type.Number(),
};

const RequestFiguresSchema = Type.Object(figures);
export type RequestFigures = Static<typeof RequestFiguresSchema>;

export const MonitoringHealthSchema = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('failed')]),
  error_rate: Type.Number(),
  total_requests: Count,
  since: Type.String(),
});
export type MonitoringHealth = Static<typeof MonitoringHealthSchema>;

const EndpointSchema = Type.Object({ method: Type.String(), endpoint: Type.String(), ...figures });
export type EndpointFigures = Static<typeof EndpointSchema>;

export const MonitoringStatsSchema = Type.Object({
  since: Type.String(),
  total: RequestFiguresSchema,
  /** Most requests first. */
  endpoints: Type.Array(EndpointSchema),
  /** Evenly spaced, oldest first. */
  series: Type.Array(Type.Object({ at: Type.String(), requests: Count, errors: Count, p95Ms: Type.Number() })),
});
export type MonitoringStats = Static<typeof MonitoringStatsSchema>;

export const MonitoringErrorsSchema = Type.Object({
  byEndpoint: Type.Array(
    Type.Object({
      method: Type.String(),
      endpoint: Type.String(),
      requests: Count,
      errors: Count,
      refused: Count,
      errorRate: Type.Number(),
    }),
  ),
  /** Newest first. */
  recent: Type.Array(
    Type.Object({
      at: Type.String(),
      method: Type.String(),
      endpoint: Type.String(),
      status: Type.Integer(),
      code: Type.String(),
      userId: Type.Union([Type.String(), Type.Null()]),
      correlationId: Type.String(),
      ms: Type.Number(),
    }),
  ),
});
export type MonitoringErrors = Static<typeof MonitoringErrorsSchema>;

export const MonitoringUsageSchema = Type.Object({
  since: Type.String(),
  /** Most requests first. */
  users: Type.Array(Type.Object({ userId: Type.String(), ...figures })),
});
export type MonitoringUsage = Static<typeof MonitoringUsageSchema>;
