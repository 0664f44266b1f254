// Pages of a document, painted as pictures: no script of it runs, no link of it is one, no form of it can be filled in. The
// reader takes the bytes and nothing else; it has no way to fetch anything.
import { Alert, Button, Group, Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import classes from './files.module.css';

const WIDTH = 760;
/** Sharp on screens with small dots, and no larger than a page needs. */
const MOST_PIXELS = 4_000_000;

async function openDocument(bytes: Uint8Array<ArrayBuffer>) {
  const { getDocument, PDFWorker } = await import('pdfjs-dist');
  const thread = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module', name: 'pdf' });
  const worker = PDFWorker.create({ port: thread });
  const task = getDocument({
    data: bytes,
    worker,
    enableXfa: false,
    disableAutoFetch: true,
    disableStream: true,
    disableRange: true,
    useWasm: false,
    useSystemFonts: true,
    stopAtErrors: false,
  });
  const close = (): void => {
    void task.destroy().finally(() => thread.terminate());
  };
  return { task, close };
}

async function paint(pdf: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement): Promise<void> {
  const page = await pdf.getPage(number);
  const plain = page.getViewport({ scale: 1 });
  const wanted = (WIDTH / plain.width) * Math.min(window.devicePixelRatio, 2);
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (plain.width * plain.height)));
  const viewport = page.getViewport({ scale });
  canvas.width = Math.ceil(viewport.width);
  canvas.height = Math.ceil(viewport.height);
  await page.render({ canvas, viewport, annotationMode: 0 }).promise;
}

export function PdfPreview(props: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }) {
  const { t } = useTranslation();
  const { bytes } = props;
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [isBroken, setBroken] = useState(false);
  const [page, setPage] = useState(1);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    let isStopped = false;
    let close = (): void => undefined;
    openDocument(bytes.slice())
      .then(async (opened) => {
        ({ close } = opened);
        if (isStopped) close();
        else setPdf(await opened.task.promise);
      })
      .catch(() => {
        // Damaged, locked with a password, or no document at all: it can still be saved.
        if (!isStopped) setBroken(true);
      });
    return () => {
      isStopped = true;
      close();
    };
  }, [bytes]);

  useEffect(() => {
    const place = canvas.current;
    if (pdf === null || place === null) return;
    let isStopped = false;
    const work = document.createElement('canvas');
    paint(pdf, page, work).then(
      () => {
        if (isStopped) return;
        place.width = work.width;
        place.height = work.height;
        place.getContext('2d')?.drawImage(work, 0, 0);
        place.dataset['page'] = String(page);
      },
      () => {
        if (!isStopped) setBroken(true);
      },
    );
    return () => {
      isStopped = true;
    };
  }, [pdf, page]);

  if (isBroken)
    return (
      <Alert color="yellow" role="alert">
        {t('files.noPreview')}
      </Alert>
    );
  if (pdf === null) return <Loader size="sm" aria-label={t('files.fetching')} />;
  return (
    <>
      {/* A page can be larger than the window: it is scrolled by keyboard, too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.paper} tabIndex={0} role="group" aria-label={props.name}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={t('files.pageOf', { name: props.name, page, count: pdf.numPages })}
        />
      </div>
      {pdf.numPages > 1 ? (
        <Group gap="xs" justify="center" mt="xs">
          <Button variant="default" size="compact-sm" disabled={page === 1} onClick={() => setPage(page - 1)}>
            {t('files.pageBefore')}
          </Button>
          <span className="op-muted" role="status">
            {t('files.page', { page, count: pdf.numPages })}
          </span>
          <Button
            variant="default"
            size="compact-sm"
            disabled={page === pdf.numPages}
            onClick={() => setPage(page + 1)}
          >
            {t('files.pageAfter')}
          </Button>
        </Group>
      ) : null}
    </>
  );
}
