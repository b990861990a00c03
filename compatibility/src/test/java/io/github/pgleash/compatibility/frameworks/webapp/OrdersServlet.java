// SPDX-License-Identifier: Apache-2.0
package io.github.pgleash.compatibility.frameworks.webapp;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Answers with the pid of the backend that it asked; with {@code ?forget} it does not return the connection. */
public final class OrdersServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        DataSource pool = (DataSource) getServletContext().getAttribute(ShopPool.POOL);
        try {
            response.getWriter().print(request.getParameter("forget") == null ? count(pool) : forget(pool));
        } catch (SQLException failed) {
            throw new ServletException(failed);
        }
    }

    private static int count(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return pid(connection);
        }
    }

    private static int forget(DataSource pool) throws SQLException {
        Connection forgotten = pool.getConnection();
        return pid(forgotten);
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
