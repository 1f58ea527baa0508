/** What people say of an anomaly. */
export const ANOMALY_VERDICTS = ['yes', 'no', 'planned'] as const
export type AnomalyVerdict = (typeof ANOMALY_VERDICTS)[number]

/** The life of a piece of advice; a saving is verified once it is done. */
export const RECOMMENDATION_STATUSES = ['open', 'accepted', 'done', 'dismissed'] as const
export type RecommendationStatus = (typeof RECOMMENDATION_STATUSES)[number]

/** The life of an alert: its condition holds, it has held long enough, it holds no more. */
export const ALERT_STATUSES = ['pending', 'firing', 'resolved'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const ALERT_EVENTS = [
  'pending',
  'fired',
  'repeated',
  'acknowledged',
  'silenced',
  'resolved',
  'commented',
] as const
export type AlertEvent = (typeof ALERT_EVENTS)[number]

/** What becomes of a message: it waits, one process is sending it, it arrived, or it was given up. */
export const DELIVERY_STATUSES = ['queued', 'sending', 'sent', 'dead'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export const DIGEST_PERIODS = ['day', 'week'] as const
export type DigestPeriod = (typeof DIGEST_PERIODS)[number]
