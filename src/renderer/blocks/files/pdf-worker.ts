// Reads documents in a thread of its own: what a file makes of it reaches neither the page nor the network.
import 'pdfjs-dist/build/pdf.worker.mjs';
