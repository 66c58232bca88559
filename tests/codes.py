"""QR codes as a phone reads them."""

from itertools import product

import cv2
import numpy as np

SCALES, MARGINS = (1, 1.5, 2.2), (0, 20, 40)


def picture_of(image):
    """The pixels of an image file's bytes."""
    return cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)


def read_code(picture):
    """What is written in a code, from the pixels of a picture; "" where none is found.

    OpenCV misses one of some 200 codes at one size and margin; a phone's camera moves until it has it.
    """
    for scale, margin in product(SCALES, MARGINS):
        seen = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        seen = cv2.copyMakeBorder(seen, *[margin] * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
        if text := cv2.QRCodeDetector().detectAndDecode(seen)[0]:
            return text
    return ""
