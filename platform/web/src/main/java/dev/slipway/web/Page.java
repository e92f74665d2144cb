package dev.slipway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list. A resource that returns it gets the header `Link: <…>; rel="next"` by itself.
///
/// @param items at most as many as asked for, in the list's order
/// @param next what to give as `cursor` for the page after this one; absent on the last page
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /// A page from a query that was told to fetch [PageRequest#fetch()] rows, one more than the page holds: if that
    /// one came, there is a next page.
    ///
    /// @param position the values that the list is sorted by, of the last item shown; the next request finds
    /// them in [PageRequest#after()]
    public static <T> Page<T> of(List<T> fetched, PageRequest request, Function<T, List<String>> position) {
        if (fetched.size() <= request.limit()) {
            return new Page<>(fetched, null);
        }
        List<T> shown = fetched.subList(0, request.limit());
        return new Page<>(shown, PageRequest.cursorAfter(position.apply(shown.getLast())));
    }

    /// The same page with each item shown in another shape.
    public <R> Page<R> map(Function<T, R> view) {
        return new Page<>(items.stream().map(view).toList(), next);
    }
}
