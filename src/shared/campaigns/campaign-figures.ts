// What came of a campaign, in numbers (EML-04). Rates are over everything that was sent, as the documents ask; beside them
// over what arrived, because a mail that bounced could not be opened. Somebody who opened it ten times counts once.

export interface CampaignCounts {
  readonly recipients: number;
  readonly waiting: number;
  /** Handed over; those that bounced later are among them. */
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
  readonly bounced: number;
  readonly hardBounced: number;
  readonly failed: number;
  readonly skipped: number;
  /** Handed over, or not: the connection ended between the last byte and the answer. Never sent again by itself. */
  readonly unconfirmed: number;
  readonly unsubscribed: number;
  readonly complained: number;
}

/** `45.0%`; `0.0%` of nothing. */
export function rateText(count: number, of: number): string {
  return `${(of <= 0 ? 0 : (count / of) * 100).toFixed(1)}%`;
}

/** As `get_campaign_stats` of the documents answers. */
export function campaignStats(counts: CampaignCounts) {
  const { sent, opened, clicked, bounced, failed } = counts;
  const delivered = Math.max(0, sent - bounced);
  return {
    total_sent: sent,
    opened,
    clicked,
    bounced,
    failed,
    open_rate: rateText(opened, sent),
    click_rate: rateText(clicked, sent),
    delivered,
    bounce_rate: rateText(bounced, sent),
    delivered_open_rate: rateText(opened, delivered),
    delivered_click_rate: rateText(clicked, delivered),
    click_to_open_rate: rateText(clicked, opened),
    unsubscribe_rate: rateText(counts.unsubscribed, delivered),
    complaint_rate: rateText(counts.complained, delivered),
  };
}

export interface VariantCounts {
  readonly variant: 'A' | 'B';
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
  readonly bounced: number;
}

export interface Winner {
  readonly variant: 'A' | 'B';
  /** `rate`: it did better; `tie`: both did alike, and the first one goes out; `nothing`: nobody was reached. */
  readonly because: 'rate' | 'tie' | 'nothing';
  readonly rateA: number;
  readonly rateB: number;
}

/** The subject the others get: the higher rate over what arrived. */
export function chooseWinner(counts: readonly VariantCounts[], by: 'opened' | 'clicked'): Winner {
  const rateOf = (variant: 'A' | 'B'): number => {
    const found = counts.find((each) => each.variant === variant);
    const delivered = found === undefined ? 0 : found.sent - found.bounced;
    return found === undefined || delivered <= 0 ? 0 : found[by] / delivered;
  };
  const rateA = rateOf('A');
  const rateB = rateOf('B');
  if (counts.every(({ sent }) => sent === 0)) return { variant: 'A', because: 'nothing', rateA, rateB };
  if (rateA === rateB) return { variant: 'A', because: 'tie', rateA, rateB };
  return { variant: rateB > rateA ? 'B' : 'A', because: 'rate', rateA, rateB };
}
