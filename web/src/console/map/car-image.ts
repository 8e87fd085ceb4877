const SIZE = 22;
const PIXEL_RATIO = 2;

/** An arrow-shaped car that looks north, white: the map gives it a colour and a direction. */
export const carImage = (): { readonly image: ImageData; readonly pixelRatio: number } => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * PIXEL_RATIO;
  const pen = canvas.getContext("2d")!;
  pen.scale(PIXEL_RATIO, PIXEL_RATIO);
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.moveTo(11, 2);
  pen.bezierCurveTo(15.5, 4, 17, 9, 17, 19);
  pen.quadraticCurveTo(11, 16, 5, 19);
  pen.bezierCurveTo(5, 9, 6.5, 4, 11, 2);
  pen.fill();
  return { image: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: PIXEL_RATIO };
};
