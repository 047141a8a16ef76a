/** The user `nobody` of many images. */
export const NOBODY = 65534;
