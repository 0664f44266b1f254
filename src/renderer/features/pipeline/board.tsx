// The board: columns are stages, lanes are owners. Cards move by mouse and by keyboard through the same function, and
// every move is announced to a screen reader.
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { CloseDealDialog } from '#renderer/blocks/close-deal-dialog.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { BoardCell, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';
import type { Carried } from '#renderer/features/pipeline/carried.ts';
import { withMoves, type Moves } from '#renderer/features/pipeline/move-cards.ts';
import type { CardTools, StaleTexts } from '#renderer/features/pipeline/board-card.tsx';
import { BoardColumn } from '#renderer/features/pipeline/board-column.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import classes from './board.module.css';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const emptyCell: BoardCell = { count: 0, total: 0, weighted: 0, offset: 0, cards: [] };

export function Board(props: {
  readonly board: BoardResult;
  readonly onRange: (cell: string, offset: number, limit: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const [moves, setMoves] = useState<Moves>(new Map());
  const board = useMemo(() => withMoves(props.board, moves), [props.board, moves]);
  const [carried, setCarried] = useState<Carried | null>(null);
  const [closing, setClosing] = useState<{ readonly deal: LocalRecord; readonly outcome: 'won' | 'lost' } | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const boardElement = useRef<HTMLDivElement>(null);
  const refocus = useRef<string | null>(null);
  useEffect(() => {
    // A moved card is drawn anew in its column: the focus follows it unless the user has gone elsewhere.
    const id = refocus.current;
    if (id === null || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const card = boardElement.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
    if (card === null || card === undefined) return;
    refocus.current = null;
    card.focus();
  });
  const owners = new Set(Object.values(board.cells).flatMap((cell) => cell.cards.map((card) => card.record.ownerId)));
  const hasLanes = board.lanes.length > 1 || board.lanes[0]?.id !== 'all';

  async function move(deal: LocalRecord, stageId: string): Promise<void> {
    const stage = board.stages.find((item) => item.id === stageId);
    if (stage === undefined || stageId === deal['stageId']) return;
    const name = textOf(deal['name']);
    if (stage.type !== 'open') {
      setClosing({ deal, outcome: stage.type });
      return;
    }
    const isClosed = deal['status'] === 'won' || deal['status'] === 'lost';
    refocus.current = deal.id;
    setMoves((before) => new Map(before).set(deal.id, stageId));
    const outcome = await run(
      isClosed ? 'reopenDeal' : 'moveDeal',
      { id: deal.id, stageId },
      isClosed
        ? {}
        : {
            done: t('pipeline.announce.moved', { name, stage: stage.name }),
            undo: {
              command: 'moveDeal',
              input: { id: deal.id, stageId: deal['stageId'] },
              entity: 'deal',
              ids: [deal.id],
              left: { stageId },
            },
          },
    );
    // By now the answer of the data host shows the deal where it is.
    setMoves((before) => new Map([...before].filter(([id, to]) => id !== deal.id || to !== stageId)));
    setAnnouncement(
      outcome === null
        ? t('pipeline.announce.refused', { name })
        : t('pipeline.announce.moved', { name, stage: stage.name }),
    );
  }

  function carry(deal: LocalRecord, key: string): void {
    const name = textOf(deal['name']);
    if (carried?.id !== deal.id) {
      setCarried({ id: deal.id, fromStageId: textOf(deal['stageId']), toStageId: textOf(deal['stageId']) });
      setAnnouncement(t('pipeline.announce.lifted', { name }));
      return;
    }
    if (key === 'Escape') {
      setCarried(null);
      setAnnouncement(t('pipeline.announce.cancelled', { name }));
      return;
    }
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const index = board.stages.findIndex((stage) => stage.id === carried.toStageId) + (key === 'ArrowRight' ? 1 : -1);
      const stage = board.stages[index];
      if (stage === undefined) return;
      setCarried({ ...carried, toStageId: stage.id });
      setAnnouncement(t('pipeline.announce.over', { stage: stage.name }));
      return;
    }
    setCarried(null);
    void move(deal, carried.toStageId);
  }

  // What somebody does not see cannot be added up for them.
  const fieldModes = useFieldModes();
  const seesAmount = fieldModes.isKnown(entities.deal, 'amount');
  const seesWeighted = seesAmount && fieldModes.isKnown(entities.deal, 'probability');

  // Columns and cards compare what they are given: they get the same functions at every drawing.
  const navigate = useNavigate();
  const latest = useRef({ move, carry, navigate, onRange: props.onRange });
  latest.current = { move, carry, navigate, onRange: props.onRange };
  const onDrop = useCallback((deal: LocalRecord, stageId: string) => void latest.current.move(deal, stageId), []);
  const onRange = useCallback(
    (cell: string, offset: number, limit: number) => latest.current.onRange(cell, offset, limit),
    [],
  );
  const can = useCan();
  const tools = useMemo<CardTools>(
    () => ({
      t,
      format,
      roles: { movable: t('pipeline.cardRole'), fixed: t('pipeline.cardRoleFixed') },
      staleTexts: rememberByDays((count) => ({
        short: t('pipeline.days', { count }),
        hint: t('pipeline.staleHint', { count }),
        spoken: t('pipeline.stale', { count }),
      })),
      isMovable: (deal) => can('update', entities.deal, deal),
      onOpen: (deal) => void latest.current.navigate(`/deals/${deal.id}`),
      onCarry: (deal, key) => latest.current.carry(deal, key),
    }),
    [t, format, can],
  );

  const closeDialog = useMemo(
    () => (
      <CloseDealDialog
        deal={closing?.deal ?? null}
        outcome={closing?.outcome ?? 'won'}
        onClose={() => {
          refocus.current = closing?.deal.id ?? null;
          setClosing(null);
        }}
      />
    ),
    [closing],
  );

  return (
    <div
      className={classes.board}
      data-testid="board"
      ref={boardElement}
      style={{ '--op-stages': board.stages.length } as CSSProperties}
    >
      <div className={classes.heads} role="presentation">
        {board.stages.map((stage) => {
          const cells = board.lanes.map((lane) => board.cells[`${stage.id}|${lane.id}`] ?? emptyCell);
          const count = cells.reduce((sum, cell) => sum + cell.count, 0);
          const total = cells.reduce((sum, cell) => sum + cell.total, 0);
          const weighted = cells.reduce((sum, cell) => sum + cell.weighted, 0);
          return (
            <div key={stage.id} className={classes.head} data-type={stage.type}>
              <div className={classes.headTop}>
                <span className={classes.dot} aria-hidden />
                <h2 className={classes.stageName}>{stage.name}</h2>
                <span className={classes.count}>{format.number(count)}</span>
              </div>
              <div className={classes.sums}>
                {seesAmount ? (
                  <span title={t('pipeline.total')}>{format.money(total, board.currency, 'short')}</span>
                ) : null}
                {stage.type === 'open' && seesWeighted ? (
                  <span className="op-muted" title={t('pipeline.weightedHint', { percent: stage.probability })}>
                    {t('pipeline.weighted', { amount: format.money(weighted, board.currency, 'short') })}
                  </span>
                ) : null}
              </div>
            </div>
          );
        })}
      </div>
      <div className={classes.lanes}>
        {board.lanes.map((lane) => (
          <section key={lane.id} className={classes.lane} data-lanes={hasLanes} aria-label={lane.label}>
            {hasLanes ? (
              <header className={classes.laneHead}>
                <PersonInitials userId={lane.id} name={lane.label} size={20} isDecorative showsAbsence />
                <strong>{lane.label}</strong>
                <span className="op-muted">
                  {seesAmount
                    ? t('pipeline.laneSummary', {
                        count: lane.count,
                        total: format.money(lane.total, board.currency, 'short'),
                      })
                    : t('home.numbers.deals', { count: lane.count, formatted: format.number(lane.count) })}
                </span>
              </header>
            ) : null}
            <div className={classes.columns}>
              {board.stages.map((stage) => (
                <BoardColumn
                  key={stage.id}
                  stage={stage}
                  cellKey={`${stage.id}|${lane.id}`}
                  cell={board.cells[`${stage.id}|${lane.id}`] ?? emptyCell}
                  labels={board.labels}
                  currency={board.currency}
                  isLow={hasLanes}
                  hasOwners={!hasLanes && owners.size > 1}
                  carriedId={carried?.fromStageId === stage.id ? carried.id : null}
                  isTarget={carried !== null && carried.toStageId === stage.id && carried.fromStageId !== stage.id}
                  onRange={onRange}
                  onDrop={onDrop}
                  tools={tools}
                />
              ))}
            </div>
          </section>
        ))}
      </div>
      <div aria-live="assertive" className={classes.announcer} data-testid="board-announcer">
        {announcement}
      </div>
      {closeDialog}
    </div>
  );
}

/** Finding words takes longer than drawing them, and many deals have been in their stage equally long. */
function rememberByDays(make: (days: number) => StaleTexts): (days: number) => StaleTexts {
  const known = new Map<number, StaleTexts>();
  return (days) => {
    const texts = known.get(days) ?? make(days);
    known.set(days, texts);
    return texts;
  };
}
