/** The page of the API: Swagger UI over our own document. A key that is entered is kept by this page alone. */

const place = /** @type {HTMLElement} */ (document.getElementById("api"));
const { document: address, csrf } = place.dataset;

/** @param {{method?: string, headers: Record<string, string>}} request */
function signed(request) {
  if (request.method && request.method.toUpperCase() !== "GET" && csrf) request.headers["X-CSRFToken"] = csrf;
  return request;
}

/** @type {any} */ (window).SwaggerUIBundle({
  url: address,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  requestInterceptor: signed,
  validatorUrl: null,
});
