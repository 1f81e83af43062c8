package dev.weir.gateway.web.http;

/// What answers one method of one path. Called on a virtual thread, at most once at a time per
/// connection; it may block. A [dev.weir.base.WeirException] becomes a problem, and so does an
/// IllegalArgumentException: values out of their range.
@FunctionalInterface
public interface WebRoute {
  Reply answer(WebRequest request) throws InterruptedException;
}
