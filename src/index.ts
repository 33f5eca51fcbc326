/** The engine's only door: what the command line, the desktop host and other programs may use. */
export { gradientGraph } from './autodiff/gradient.ts'
export { afterLoss, drawApart, drawSafely } from './drawing/apart/apart.ts'
export { checksumOf, readCheckpoint, writeCheckpoint, type Checkpoint, type Past } from './drawing/checkpoint.ts'
export { diagnose } from './diagnose.ts'
export { draw } from './draw.ts'
export { edit, editedPhoto, editedStrokes, generatedPicture } from './edit.ts'
export { readEdit, type EditCheckpoint } from './edit/checkpoint.ts'
export { MODES, type EditFrame, type EditRequest, type GeneratorFiles, type Mode } from './edit/request.ts'
export { paletteOf } from './drawing/palette.ts'
export { planFor, PRESETS, stepsOf, type Plan, type Preset } from './drawing/presets.ts'
export { BACKGROUNDS, type Background, type DrawRequest, type Frame } from './drawing/request.ts'
export { inspect, type Inspection } from './inspect.ts'
export type { Comparison, Device, EncoderOptions, Features, ImageEncoder, Target } from './encoder/encoder.ts'
export { deviceOf, encoderNamed, openEncoder, openRandomEncoder, readerNamed } from './encoder/open.ts'
export { FewlineError, type Problem, unwritable } from './errors.ts'
export { toAnimatedSvg, type AnimatedSvgOptions } from './export/animated-svg.ts'
export {
  checkExport,
  drawnByPen,
  exportDrawing,
  filmPages,
  formatOf,
  FORMATS,
  type Drawing,
  type Exported,
  type ExportOptions,
  type Format,
} from './export/export.ts'
export { exportLadder, type LadderOptions, type Rung } from './export/ladder.ts'
export { checkOutput, identityOf, writeOutput, type WriteOptions } from './export/files.ts'
export { maskPng, overlayPng, type Shown } from './export/found.ts'
export { hexOf, parseColor } from './export/color.ts'
export { toFilm, type FilmFormat, type FilmOptions, type Pages } from './export/film.ts'
export { parseLength, type Length } from './export/length.ts'
export { toLottie, type LottieOptions } from './export/lottie.ts'
export { PAPERS, parsePage, type PageOptions, type Paper, type PaperName } from './export/page.ts'
export { toPdf } from './export/pdf.ts'
export { pictureFile, PICTURES, verifyPicture, type PictureEnd } from './export/picture.ts'
export { plotterOrder, type Plot } from './export/plotter.ts'
export { toPng } from './export/png.ts'
export { fromSvg, MOST_SVG_BYTES } from './export/read-svg.ts'
export { verifyFile } from './export/verify.ts'
export { toSvg, type SheetOptions, type SvgOptions } from './export/svg.ts'
export { nothingFound } from './drawing/words.ts'
export { find, openEye, type Eye, type Findings, type FindOptions } from './find.ts'
export { FINDERS } from './finder/finders.ts'
export { writeRandomSam } from './finder/random.ts'
export type { Box, Example, Miss, Point, Thing, Wanted } from './finder/finder.ts'
export type { Likeness } from './encoder/labels.ts'
export { label, type LabelRequest } from './label.ts'
export type { DownloadOptions, DownloadProgress } from './models/download.ts'
export { modelsFolder } from './models/folder.ts'
export { importModel, type ImportResult } from './models/import.ts'
export {
  downloadModel,
  listModels,
  locateModel,
  removeModel,
  verifyModels,
  type ModelState,
  type Verified,
} from './models/store.ts'
export { exifOfEdit } from './photo/exif.ts'
export { openOriginal, type Original } from './photo/original.ts'
export type { Samples } from './photo/profile.ts'
export { openMask } from './photo/photo.ts'
export { photoAround } from './photo/crop.ts'
export { maskPicture, previewPhoto } from './photo/preview.ts'
export { limitThreads, supportedDevices } from './onnx/session.ts'
export type { Moment } from './project/history.ts'
export { asNode, heedOnlyTheOther } from './process.ts'
export { readProject, toProject, verifyProject, type Project } from './project/project.ts'
export { renderStrokes, type StrokesGradient } from './raster/raster.ts'
export { roomFor, takenBy, type Load } from './room.ts'
export { firstStrokes } from './strokes/importance.ts'
export { paperNamed } from './export/painted.ts'
export { LOOK_NAMES, type LookName } from './looks/looks.ts'
export { oneLine } from './strokes/one-line.ts'
export { TROUBLES, type Hint } from './subject/hints.ts'
export type { Strokes } from './strokes/strokes.ts'
export type { Tensor } from './tensor.ts'
