export { attachedIn, isPicture, sizeOf } from "./attached.ts";
export { ComposerFiles } from "./composer-files.tsx";
export { awaitsFiles, useFileDelivery } from "./file-delivery.ts";
export { findPicture, pictureAddress, rememberPicture } from "./picture-memory.ts";
export { attachmentTexts } from "./texts.ts";
export { TypeIcon } from "./type-icon.tsx";
export { UploadLine } from "./upload-line.tsx";
