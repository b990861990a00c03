// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.worlds;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** A till on the web, with a pool of its server's. */
@WebServlet("/*")
@SuppressWarnings("NullAway.Init") // init comes first
public final class TillServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private transient DataSource pool;

    @Override
    @SuppressWarnings("BanJNDI") // The name is the application's own.
    public void init() throws ServletException {
        try {
            pool = (DataSource) new InitialContext().lookup("java:jboss/datasources/shop");
        } catch (NamingException missing) {
            throw new ServletException(missing);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            response.getWriter().print(answer(String.valueOf(request.getPathInfo())));
        } catch (SQLException failed) {
            throw new ServletException(failed);
        }
    }

    private int answer(String path) throws SQLException {
        return switch (path) {
            case "/count" -> Till.count(pool);
            case "/forget" -> Till.forget(pool);
            default -> throw new IllegalArgumentException(path);
        };
    }
}
